/** Last step: the change is noted; what happens next, and its receipt. */
import type { JSX } from "preact";
import type { ApprovedOutcome } from "../../graphql/approvals";
import { formatDate, formatIban } from "../../lib/format";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Message } from "../../ui/Message";
import { Page } from "../../ui/Page";
import { ReceiptLink } from "../../ui/ReceiptLink";

export type Changed = Extract<ApprovedOutcome, { __typename: "BankAccountChanged" }>;

export function DoneStep({ changed }: { readonly changed: Changed }): JSX.Element {
  const [account] = changed.accounts;
  return (
    <Page title={m.bank_accounts_done_title()}>
      <Message kind="success">
        {account && (
          <p>
            {m.bank_accounts_done_text({
              iban: formatIban(account.maskedIban),
              date: formatDate(account.startDate),
            })}
          </p>
        )}
        <p>{m.bank_accounts_done_next({ institution: changed.institution.name })}</p>
        <ReceiptLink receipt={changed.receipt} />
      </Message>
      <div class="buttons">
        <Button kind="secondary" href={paths.bankAccountHistory}>
          {m.bank_accounts_history_title()}
        </Button>
        <Button kind="quiet" href={paths.submissions}>
          {m.services_submissions()}
        </Button>
      </div>
    </Page>
  );
}
