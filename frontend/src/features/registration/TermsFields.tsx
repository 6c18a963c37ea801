/** Two texts, two boxes of their own, neither ticked beforehand (F2, F3). */
import type { JSX } from "preact";
import type { FormProblems } from "../../lib/formProblems";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { CheckField } from "../../ui/CheckField";
import type { RegistrationDraft } from "./registrationDraft";
import type { Terms } from "./useTerms";

const boxes = {
  PORTAL: { field: "portalTerms", path: paths.portalTerms, label: m.registration_agree_portal },
  POSTBOX: { field: "postboxTerms", path: paths.postboxTerms, label: m.registration_agree_postbox },
} as const;

interface TermsFieldsProps {
  readonly draft: RegistrationDraft;
  readonly terms: readonly Terms[];
  readonly problems: FormProblems;
  readonly onChange: (change: Partial<RegistrationDraft>) => void;
}

export function TermsFields({ draft, terms, problems, onChange }: TermsFieldsProps): JSX.Element {
  return (
    <div class="stack">
      {terms.map(({ kind, title, sha256 }) => {
        const { field, path, label } = boxes[kind];
        return (
          <CheckField
            key={kind}
            name={field}
            label={label()}
            isChecked={draft[field] === sha256}
            onChange={(isChecked) => {
              problems.leave(field, null);
              onChange({ [field]: isChecked ? sha256 : "" });
            }}
            error={problems.at(field)}
          >
            <p class="small">
              <a href={path}>{m.registration_read({ title })}</a>
            </p>
          </CheckField>
        );
      })}
    </div>
  );
}
