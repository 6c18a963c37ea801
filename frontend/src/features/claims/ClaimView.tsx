/** The page of a claim once it is there. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { ComponentChildren, JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { ReceiptFragment } from "../../graphql/receipts";
import { type ClaimStatus, claimKindName } from "../../lib/claimWords";
import { formatDateTime } from "../../lib/format";
import { contractPath, documentPath, paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { DataList } from "../../ui/DataList";
import { Message } from "../../ui/Message";
import { Money } from "../../ui/Money";
import { Page } from "../../ui/Page";
import { ReceiptLink } from "../../ui/ReceiptLink";
import { Section } from "../../ui/Section";
import { ClaimSteps } from "./ClaimSteps";
import { useTitles } from "./useTitles";

export const ClaimViewFragment = graphql(
  `
    fragment ClaimView on Claim {
      id
      kind
      status
      submittedAt
      nextAction
      refusalMessage
      steps {
        status
        occurredOn
      }
      contract {
        id
        number
        productName
      }
      institution {
        id
        name
      }
      amountClaimed {
        amount
        currency
      }
      amountReimbursed {
        amount
        currency
      }
      benefitStatement {
        id
      }
      receipt {
        ...Receipt
      }
    }
  `,
  [ReceiptFragment],
);

interface ClaimViewProps {
  readonly account: string;
  readonly claim: FragmentOf<typeof ClaimViewFragment>;
  readonly back: { readonly href: string; readonly label: string };
  /** What just happened, on top. */
  readonly children: ComponentChildren;
}

export function ClaimView({ account, claim, back, children }: ClaimViewProps): JSX.Element {
  const read = readFragment(ClaimViewFragment, claim);
  const title = useTitles(account).get(read.id);
  const { amountClaimed, amountReimbursed, benefitStatement, contract, receipt } = read;
  return (
    <Page title={title || claimKindName(read.kind)} lead={read.institution.name} back={back}>
      <div class="sections">
        {children}
        {read.refusalMessage && (
          <Message kind="danger" title={m.claims_refused_title()}>
            <p>{read.refusalMessage}</p>
            <p>
              <Button kind="secondary" href={paths.newClaim}>
                {m.claims_new()}
              </Button>
            </p>
          </Message>
        )}
        <Section title={m.claims_status()}>
          <ClaimSteps status={read.status} steps={read.steps} />
          {benefitStatement ? (
            <div>
              <Button href={documentPath(benefitStatement.id)}>{m.claims_statement()}</Button>
            </div>
          ) : (
            read.nextAction === "WAIT" && <p>{nextText(read.status)}</p>
          )}
        </Section>
        <Section title={m.claims_details()}>
          <DataList
            items={[
              [m.claims_kind(), claimKindName(read.kind)],
              [
                m.claims_contract(),
                contract && (
                  <a href={contractPath(contract.id)}>
                    {[contract.productName, contract.number].filter(Boolean).join(", ")}
                  </a>
                ),
              ],
              [m.claims_submitted(), formatDateTime(read.submittedAt)],
              [m.claims_amount(), amountClaimed && <Money {...amountClaimed} />],
              [m.claims_reimbursed(), amountReimbursed && <Money {...amountReimbursed} />],
            ]}
          />
          {receipt && <ReceiptLink receipt={receipt} />}
        </Section>
      </div>
    </Page>
  );
}

function nextText(status: ClaimStatus): string {
  return status === "DECIDED" || status === "PAID"
    ? m.claims_next_statement()
    : m.claims_next_wait();
}
