/** "Bankverbindung ändern": which contracts, which account, a look at all of it, and the approval (F36). */
import type { JSX } from "preact";
import { AllPages } from "../../graphql/AllPages";
import { graphql } from "../../graphql/graphql";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { ContactFragment } from "../../ui/Contact";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { BankDetailsSteps } from "./BankDetailsSteps";
import { ChangeableContractFragment } from "./ContractsStep";

const BankDetailsQuery = graphql(
  `
    query BankDetails($after: String) {
      portal {
        today
        customerService {
          ...Contact
        }
      }
      viewer {
        id
        displayName
        contracts(first: 50, after: $after) {
          pageInfo {
            endCursor
            hasNextPage
          }
          nodes {
            id
            ...ChangeableContract
          }
        }
      }
    }
  `,
  [ContactFragment, ChangeableContractFragment],
);

export function BankDetailsPage(): JSX.Element {
  return (
    <AllPages
      query={BankDetailsQuery}
      pageInfoOf={({ contracts }) => contracts.pageInfo}
      pending={
        <Page
          title={m.bank_accounts_title()}
          back={{ href: paths.services, label: m.services_title() }}
        >
          <Skeleton rows={4} />
        </Page>
      }
    >
      {(pages, data) => (
        <BankDetailsSteps
          name={pages[0]?.displayName ?? ""}
          today={data.portal.today}
          contracts={pages.flatMap(({ contracts }) => contracts.nodes)}
          contact={data.portal.customerService}
        />
      )}
    </AllPages>
  );
}
