/** What signs in later: address, phone, password. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import {
  emailAddressProblem,
  newPasswordProblem,
  PASSWORD_LENGTH,
  phoneNumberProblem,
} from "../../lib/accountChecks";
import type { FormProblems } from "../../lib/formProblems";
import { m } from "../../paraglide/messages.js";
import { Field } from "../../ui/Field";
import type { RegistrationDraft } from "./registrationDraft";

interface CredentialFieldsProps {
  readonly draft: RegistrationDraft;
  readonly problems: FormProblems;
  readonly onChange: (change: Partial<RegistrationDraft>) => void;
}

export function CredentialFields({
  draft,
  problems,
  onChange,
}: CredentialFieldsProps): JSX.Element {
  const { emailAddress, phoneNumber, password } = draft;
  const [isShown, setShown] = useState(false);
  return (
    <div class="stack">
      <Field
        name="emailAddress"
        label={m.registration_email()}
        hint={m.registration_email_hint()}
        type="email"
        inputMode="email"
        autocomplete="email"
        value={emailAddress}
        onInput={(typed) => onChange({ emailAddress: typed })}
        onLeave={() =>
          problems.leave("emailAddress", emailAddress && emailAddressProblem(emailAddress))
        }
        error={problems.at("emailAddress")}
      />
      <Field
        name="phoneNumber"
        label={m.registration_phone()}
        hint={m.registration_phone_hint()}
        type="tel"
        inputMode="tel"
        autocomplete="tel"
        value={phoneNumber}
        onInput={(typed) => onChange({ phoneNumber: typed })}
        onLeave={() =>
          problems.leave("phoneNumber", phoneNumber && phoneNumberProblem(phoneNumber))
        }
        error={problems.at("phoneNumber")}
      />
      <Field
        name="password"
        label={m.registration_password()}
        hint={m.registration_password_hint({
          shortest: String(PASSWORD_LENGTH.shortest),
          longest: String(PASSWORD_LENGTH.longest),
        })}
        type={isShown ? "text" : "password"}
        autocomplete="new-password"
        value={password}
        onInput={(typed) => onChange({ password: typed })}
        onLeave={() => problems.leave("password", password && newPasswordProblem(password))}
        error={problems.at("password")}
      />
      <label class="check">
        <input
          type="checkbox"
          checked={isShown}
          onChange={(event) => setShown(event.currentTarget.checked)}
        />
        {m.registration_show_password()}
      </label>
    </div>
  );
}
