/** One insurance contract: key data, what is covered, how it is paid, whom to ask. */

import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { useLocation } from "preact-iso";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { paths, savingsPath } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Page } from "../../ui/Page";
import { RefusedState } from "../../ui/RefusedState";
import { Skeleton } from "../../ui/Skeleton";
import { InsuranceView, InsuranceViewFragment } from "./InsuranceView";

const ContractQuery = graphql(
  `
    query Contract($id: ID!) {
      viewer {
        id
      }
      node(id: $id) {
        __typename
        id
        ...InsuranceView
      }
    }
  `,
  [InsuranceViewFragment],
);

export function ContractPage({ id }: { readonly id: string }): JSX.Element {
  const back = { href: paths.contracts, label: m.contracts_title() };
  return (
    <ViewerQuery
      query={ContractQuery}
      variables={{ id }}
      pending={
        <Page title={m.contracts_overview_title()} back={back}>
          <Skeleton rows={6} shape="text" />
        </Page>
      }
    >
      {(_viewer, { data: { node } }) => {
        if (node?.__typename === "InsuranceContract") {
          return <InsuranceView contract={node} back={back} />;
        }
        if (node?.__typename === "SavingsAccount" || node?.__typename === "FixedTermDeposit") {
          return <Redirect to={savingsPath(node.id)} />;
        }
        return (
          <Page title={m.contracts_not_found_title()} back={back}>
            <RefusedState title={m.contracts_not_found_title()}>
              <p>{m.contracts_not_found_text()}</p>
              <p>
                <Button kind="secondary" href={paths.contracts}>
                  {m.contracts_to_list()}
                </Button>
              </p>
            </RefusedState>
          </Page>
        );
      }}
    </ViewerQuery>
  );
}

function Redirect({ to }: { readonly to: string }): null {
  const { route } = useLocation();
  useEffect(() => route(to, true), [route, to]);
  return null;
}
