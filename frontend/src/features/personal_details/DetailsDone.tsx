/** Last step: the details are on their way; what happens next, and the receipt. */
import type { JSX } from "preact";
import type { ApprovedOutcome } from "../../graphql/approvals";
import { formatDate } from "../../lib/format";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Message } from "../../ui/Message";
import { Page } from "../../ui/Page";
import { ReceiptLink } from "../../ui/ReceiptLink";

export type DetailsChanged = Extract<ApprovedOutcome, { __typename: "PersonalDetailsChanged" }>;

export function DetailsDone({ changed }: { readonly changed: DetailsChanged }): JSX.Element {
  const [first] = changed.changes;
  const names = changed.changes.map(({ institution }) => institution.name).join(", ");
  return (
    <Page title={m.personal_details_done_title()}>
      <Message kind="success">
        {first && (
          <p>
            {first.kind === "NAME"
              ? m.personal_details_done_name({ details: first.after })
              : m.personal_details_done_address({
                  details: first.after,
                  date: formatDate(first.effectiveDate),
                })}
          </p>
        )}
        <p>{m.personal_details_done_next({ institutions: names })}</p>
        <ReceiptLink receipt={changed.receipt} />
      </Message>
      <div class="buttons">
        <Button kind="secondary" href={paths.submissions}>
          {m.services_submissions()}
        </Button>
        <Button kind="quiet" href={paths.personalDetails}>
          {m.personal_details_title()}
        </Button>
      </div>
    </Page>
  );
}
