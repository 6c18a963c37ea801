/** The frame of a change of personal details: its fields, for which companies, and on to the review. */
import type { ComponentChildren, JSX } from "preact";
import type { useFormProblems } from "../../lib/formProblems";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Form } from "../../ui/Form";
import { Page } from "../../ui/Page";
import { type ChangeableInstitution, InstitutionChoice } from "./InstitutionChoice";

interface DetailsFormProps {
  readonly title: string;
  readonly lead: string;
  readonly institutions: readonly ChangeableInstitution[];
  readonly chosen: readonly string[];
  readonly onChoose: (institutions: readonly string[]) => void;
  readonly problems: ReturnType<typeof useFormProblems>;
  readonly isBusy: boolean;
  readonly onSubmit: () => void;
  /** The fields of the details themselves. */
  readonly children: ComponentChildren;
}

export function DetailsForm({
  title,
  lead,
  institutions,
  chosen,
  onChoose,
  problems,
  isBusy,
  onSubmit,
  children,
}: DetailsFormProps): JSX.Element {
  return (
    <Page
      title={title}
      lead={lead}
      back={{ href: paths.personalDetails, label: m.personal_details_title() }}
    >
      <Form errors={problems.summary} isBusy={isBusy} onSubmit={onSubmit}>
        {children}
        <InstitutionChoice
          institutions={institutions}
          chosen={chosen}
          onChoose={onChoose}
          error={problems.at("institutions")}
        />
        <div class="buttons">
          <Button type="submit" isBusy={isBusy}>
            {m.personal_details_to_review()}
          </Button>
          <Button kind="quiet" href={paths.personalDetails}>
            {m.personal_details_back()}
          </Button>
        </div>
      </Form>
    </Page>
  );
}
