/** Who it is: as in the contracts, which are never matched by this alone. */
import type { JSX } from "preact";
import type { FormProblems } from "../../lib/formProblems";
import { m } from "../../paraglide/messages.js";
import { BirthDateField } from "../../ui/BirthDateField";
import { Field } from "../../ui/Field";
import type { RegistrationDraft } from "./registrationDraft";

interface PersonFieldsProps {
  readonly draft: RegistrationDraft;
  readonly problems: FormProblems;
  readonly onChange: (change: Partial<RegistrationDraft>) => void;
}

export function PersonFields({ draft, problems, onChange }: PersonFieldsProps): JSX.Element {
  return (
    <div class="stack">
      <Field
        name="givenName"
        label={m.registration_given_name()}
        autocomplete="given-name"
        maxLength={100}
        value={draft.givenName}
        onInput={(typed) => onChange({ givenName: typed })}
        error={problems.at("givenName")}
      />
      <Field
        name="familyName"
        label={m.registration_family_name()}
        autocomplete="family-name"
        maxLength={100}
        value={draft.familyName}
        onInput={(typed) => onChange({ familyName: typed })}
        error={problems.at("familyName")}
      />
      <BirthDateField
        value={draft.birthDate}
        problems={problems}
        onInput={(typed) => onChange({ birthDate: typed })}
      />
    </div>
  );
}
