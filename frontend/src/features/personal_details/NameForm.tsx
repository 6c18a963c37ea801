/** First step: the new name, what proves it, and for which companies; the server reviews it. */
import type { JSX } from "preact";
import { problemsAt, useFormProblems } from "../../lib/formProblems";
import { m } from "../../paraglide/messages.js";
import { Attachments } from "../../ui/Attachments";
import { Field } from "../../ui/Field";
import type { Uploads } from "../../ui/useUploads";
import { DetailsForm } from "./DetailsForm";
import type { ChangeableInstitution } from "./InstitutionChoice";
import type { DetailsReview } from "./ReviewStep";
import { useDetailsReview } from "./useDetailsReview";

export interface TypedName {
  readonly institutions: readonly string[];
  readonly title: string;
  readonly givenName: string;
  readonly familyName: string;
}

interface NameFormProps {
  readonly institutions: readonly ChangeableInstitution[];
  /** Media types that evidence can have. */
  readonly types: readonly string[];
  readonly megabytes: number;
  readonly typed: TypedName;
  readonly uploads: Uploads;
  readonly onInput: (typed: TypedName) => void;
  readonly onReviewed: (review: DetailsReview) => void;
}

export function NameForm({
  institutions,
  types,
  megabytes,
  typed,
  uploads,
  onInput,
  onReviewed,
}: NameFormProps): JSX.Element {
  const problems = useFormProblems();
  const [isBusy, review] = useDetailsReview();
  const { title, givenName, familyName } = typed;
  const submit = async () => {
    const isProved = uploads.accepted.length > 0;
    const found = problemsAt({
      givenName: givenName.trim() ? null : m.personal_details_given_name_missing(),
      familyName: familyName.trim() ? null : m.personal_details_family_name_missing(),
      evidence: uploads.problem ?? (isProved ? null : m.personal_details_evidence_missing()),
      institutions: typed.institutions.length > 0 ? null : m.personal_details_institution_missing(),
    });
    problems.refuse(found);
    if (found.length > 0) return;
    const name = { title: title || null, givenName, familyName };
    const result = await review(typed.institutions, { name }, null);
    problems.refuse(result.problems);
    if (result.review) onReviewed(result.review);
  };
  return (
    <DetailsForm
      title={m.personal_details_change_name()}
      lead={m.personal_details_name_lead()}
      institutions={institutions}
      chosen={typed.institutions}
      onChoose={(ids) => onInput({ ...typed, institutions: ids })}
      problems={problems}
      isBusy={isBusy}
      onSubmit={() => void submit()}
    >
      <Field
        name="title"
        label={m.personal_details_academic_title()}
        autocomplete="honorific-prefix"
        isOptional
        isShort
        value={title}
        maxLength={30}
        onInput={(value) => onInput({ ...typed, title: value })}
        error={problems.at("title")}
      />
      <Field
        name="givenName"
        label={m.personal_details_given_name()}
        autocomplete="given-name"
        value={givenName}
        maxLength={60}
        onInput={(value) => onInput({ ...typed, givenName: value })}
        error={problems.at("givenName")}
      />
      <Field
        name="familyName"
        label={m.personal_details_family_name()}
        autocomplete="family-name"
        value={familyName}
        maxLength={60}
        onInput={(value) => onInput({ ...typed, familyName: value })}
        error={problems.at("familyName")}
      />
      <Attachments
        name="evidence"
        label={m.personal_details_add_evidence()}
        isOptional={false}
        types={types}
        megabytes={megabytes}
        uploads={uploads}
        error={problems.at("evidence")}
      />
    </DetailsForm>
  );
}
