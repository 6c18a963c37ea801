/** A new password, and a new number if the old one is gone. */
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { newPasswordProblem, phoneNumberProblem } from "../../lib/accountChecks";
import type { FieldProblem } from "../../lib/fieldErrors";
import { problemsAt, useFormProblems } from "../../lib/formProblems";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Form } from "../../ui/Form";
import type { Credentials } from "./credentials";
import { PasswordField } from "./PasswordField";

interface CredentialsFormProps {
  readonly typed: Credentials;
  readonly maskedPhoneNumber: string;
  /** What the server objected to when it was sent. */
  readonly refused: readonly FieldProblem[];
  readonly onChange: (change: Partial<Credentials>) => void;
  readonly onReady: () => void;
}

export function CredentialsForm({
  typed,
  maskedPhoneNumber,
  refused,
  onChange,
  onReady,
}: CredentialsFormProps): JSX.Element {
  const problems = useFormProblems();
  const { newPassword, hasNewPhone, phoneNumber } = typed;
  // biome-ignore lint/correctness/useExhaustiveDependencies: told once, when the form comes back
  useEffect(() => problems.refuse(refused), [refused]);

  const submit = () => {
    const found = problemsAt({
      newPassword: newPasswordProblem(newPassword),
      phoneNumber: hasNewPhone ? phoneNumberProblem(phoneNumber) : null,
    });
    problems.refuse(found);
    if (found.length === 0) onReady();
  };

  return (
    <Form errors={problems.summary} isBusy={false} onSubmit={submit}>
      <PasswordField
        value={newPassword}
        problems={problems}
        onInput={(value) => onChange({ newPassword: value })}
      />
      <label class="check">
        <input
          type="checkbox"
          checked={hasNewPhone}
          onChange={(event) => onChange({ hasNewPhone: event.currentTarget.checked })}
        />
        {m.recovery_has_new_phone({ phone: maskedPhoneNumber.replaceAll(" ", "\u00a0") })}
      </label>
      {hasNewPhone && (
        <Field
          name="phoneNumber"
          label={m.recovery_phone()}
          hint={m.recovery_phone_hint()}
          type="tel"
          inputMode="tel"
          autocomplete="tel"
          value={phoneNumber}
          onInput={(value) => onChange({ phoneNumber: value })}
          onLeave={() =>
            problems.leave("phoneNumber", phoneNumber && phoneNumberProblem(phoneNumber))
          }
          error={problems.at("phoneNumber")}
        />
      )}
      <div>
        <Button type="submit">{m.recovery_to_review()}</Button>
      </div>
    </Form>
  );
}
