/** "Angaben ändern": a contract of another company described anew, with further files (F9). */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { graphql } from "../../graphql/graphql";
import { problemsOf, RefusalFragment } from "../../graphql/refusal";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { typedAmount } from "../../lib/amount";
import { selfAddedPath } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { SelfAddedForm } from "./SelfAddedForm";
import { SelfAddedNotFound } from "./SelfAddedNotFound";

const ChangeSelfAddedQuery = graphql(`
  query ChangeSelfAdded($id: ID!) {
    policy {
      largestAttachmentMegabytes
    }
    viewer {
      id
      selfAdded {
        knownCompanies
      }
    }
    node(id: $id) {
      __typename
      ... on SelfAddedContract {
        id
        version
        lineOfBusiness
        company
        number
        premium {
          amount
        }
        paymentFrequency
        mainDueDate
        startDate
        endDate
      }
    }
  }
`);

const ChangeSelfAddedContractMutation = graphql(
  `
    mutation ChangeSelfAddedContract($input: ChangeSelfAddedContractInput!) {
      changeSelfAddedContract(input: $input) {
        __typename
        ... on SelfAddedContract {
          id
          version
        }
        ...Refusal
      }
    }
  `,
  [RefusalFragment],
);

export function ChangeSelfAddedPage({ id }: { readonly id: string }): JSX.Element {
  const { route } = useLocation();
  const [, change] = useMutation(ChangeSelfAddedContractMutation);
  return (
    <ViewerQuery
      query={ChangeSelfAddedQuery}
      variables={{ id }}
      pending={
        <Page title={m.self_added_change_title()}>
          <Skeleton rows={6} />
        </Page>
      }
    >
      {({ selfAdded }, { data: { node, policy } }) => {
        if (node?.__typename !== "SelfAddedContract") return <SelfAddedNotFound />;
        const { version, premium, ...contract } = node;
        return (
          <Page
            title={m.self_added_change_title()}
            lead={contract.company}
            back={{ href: selfAddedPath(node.id), label: contract.company }}
          >
            <SelfAddedForm
              typed={{
                ...contract,
                number: contract.number ?? "",
                premium: premium ? typedAmount(premium.amount) : "",
                mainDueDate: contract.mainDueDate ?? "",
                startDate: contract.startDate ?? "",
                endDate: contract.endDate ?? "",
              }}
              knownCompanies={selfAdded.knownCompanies}
              megabytes={policy.largestAttachmentMegabytes}
              action={m.self_added_save()}
              back={selfAddedPath(node.id)}
              onSend={async (facts, documents) => {
                const input = { contract: node.id, version, facts, documents };
                const answer = await change({ input }, { additionalTypenames: ["SelfAddedData"] });
                const result = answer.data?.changeSelfAddedContract;
                if (result?.__typename !== "SelfAddedContract") return problemsOf(result);
                route(`${selfAddedPath(node.id)}?gespeichert`, true);
                return [];
              }}
            />
          </Page>
        );
      }}
    </ViewerQuery>
  );
}
