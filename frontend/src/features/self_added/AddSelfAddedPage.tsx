/** "Vertrag hinzufügen": a contract of another company, by hand (F9). */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { graphql } from "../../graphql/graphql";
import { problemsOf, RefusalFragment } from "../../graphql/refusal";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { paths, selfAddedPath } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { nothingTyped, SelfAddedForm } from "./SelfAddedForm";

const KnownCompaniesQuery = graphql(`
  query KnownCompanies {
    policy {
      largestAttachmentMegabytes
    }
    viewer {
      id
      selfAdded {
        knownCompanies
      }
    }
  }
`);

const AddSelfAddedContractMutation = graphql(
  `
    mutation AddSelfAddedContract($input: AddSelfAddedContractInput!) {
      addSelfAddedContract(input: $input) {
        __typename
        ... on SelfAddedContract {
          id
        }
        ...Refusal
      }
    }
  `,
  [RefusalFragment],
);

export function AddSelfAddedPage(): JSX.Element {
  const { route } = useLocation();
  const [, add] = useMutation(AddSelfAddedContractMutation);
  // Sending again after a lost answer adds nothing twice.
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  return (
    <Page
      title={m.self_added_add_title()}
      lead={m.self_added_add_lead()}
      back={{ href: paths.contracts, label: m.contracts_title() }}
    >
      <ViewerQuery query={KnownCompaniesQuery} variables={{}} pending={<Skeleton rows={6} />}>
        {({ selfAdded }, { data }) => (
          <SelfAddedForm
            typed={nothingTyped}
            knownCompanies={selfAdded.knownCompanies}
            megabytes={data.policy.largestAttachmentMegabytes}
            action={m.self_added_save_new()}
            back={paths.contracts}
            onSend={async (facts, documents) => {
              const answer = await add(
                { input: { facts, documents, idempotencyKey } },
                { additionalTypenames: ["SelfAddedData"] },
              );
              const result = answer.data?.addSelfAddedContract;
              if (result?.__typename !== "SelfAddedContract") return problemsOf(result);
              route(`${selfAddedPath(result.id)}?neu`, true);
              return [];
            }}
          />
        )}
      </ViewerQuery>
    </Page>
  );
}
