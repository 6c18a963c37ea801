/** A new password, which can be looked at. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { newPasswordProblem, PASSWORD_LENGTH } from "../../lib/accountChecks";
import type { FormProblems } from "../../lib/formProblems";
import { m } from "../../paraglide/messages.js";
import { Field } from "../../ui/Field";

interface PasswordFieldProps {
  readonly value: string;
  readonly problems: FormProblems;
  readonly onInput: (typed: string) => void;
}

export function PasswordField({ value, problems, onInput }: PasswordFieldProps): JSX.Element {
  const [isShown, setShown] = useState(false);
  return (
    <>
      <Field
        name="newPassword"
        label={m.recovery_password()}
        hint={m.recovery_password_hint({
          shortest: String(PASSWORD_LENGTH.shortest),
          longest: String(PASSWORD_LENGTH.longest),
        })}
        type={isShown ? "text" : "password"}
        autocomplete="new-password"
        value={value}
        onInput={onInput}
        onLeave={() => problems.leave("newPassword", value && newPasswordProblem(value))}
        error={problems.at("newPassword")}
      />
      <label class="check">
        <input
          type="checkbox"
          checked={isShown}
          onChange={(event) => setShown(event.currentTarget.checked)}
        />
        {m.recovery_show_password()}
      </label>
    </>
  );
}
