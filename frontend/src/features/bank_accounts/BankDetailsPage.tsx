/** "Bankverbindung ändern": which contracts, which account, a look at all of it, and the approval (F36). */
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { ContactFragment } from "../../ui/Contact";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { BankDetailsSteps, ChangeableContractFragment } from "./BankDetailsSteps";

const BankDetailsQuery = graphql(
  `
    query BankDetails {
      portal {
        today
        customerService {
          ...Contact
        }
      }
      viewer {
        id
        displayName
        contracts(first: 50) {
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
    <ViewerQuery
      query={BankDetailsQuery}
      variables={{}}
      pending={
        <Page
          title={m.bank_accounts_title()}
          back={{ href: paths.services, label: m.services_title() }}
        >
          <Skeleton rows={4} />
        </Page>
      }
    >
      {(viewer, { data }) => (
        <BankDetailsSteps
          name={viewer.displayName}
          today={data.portal.today}
          contracts={viewer.contracts.nodes}
          contact={data.portal.customerService}
        />
      )}
    </ViewerQuery>
  );
}
