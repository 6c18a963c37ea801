/** Which companies are to learn of it; all of them, unless the customer takes some out. */
import type { JSX } from "preact";
import { m } from "../../paraglide/messages.js";
import { CheckField } from "../../ui/CheckField";
import styles from "./InstitutionChoice.module.css";

export interface ChangeableInstitution {
  readonly id: string;
  readonly name: string;
}

interface InstitutionChoiceProps {
  readonly institutions: readonly ChangeableInstitution[];
  readonly chosen: readonly string[];
  readonly onChoose: (ids: readonly string[]) => void;
  readonly error?: string | undefined;
}

export function InstitutionChoice({
  institutions,
  chosen,
  onChoose,
  error,
}: InstitutionChoiceProps): JSX.Element {
  return (
    <fieldset class={styles.choice}>
      <legend>{m.personal_details_institutions()}</legend>
      {institutions.map(({ id, name }, index) => (
        <CheckField
          key={id}
          name={index === 0 ? "institutions" : `institution-${id}`}
          label={name}
          isChecked={chosen.includes(id)}
          onChange={(isChecked) =>
            onChoose(isChecked ? [...chosen, id] : chosen.filter((one) => one !== id))
          }
          error={index === 0 ? error : undefined}
        />
      ))}
    </fieldset>
  );
}
