/** F66–F68: the menus "Vertragsdetails", "Auszahlungskonto" and, while a mandate exists, "Lastschrifteinzug". */
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { SavingsHeader, SavingsHeaderFragment } from "./SavingsHeader";
import { SavingsMenus, SavingsMenusFragment } from "./SavingsMenus";
import { SavingsNotFound } from "./SavingsNotFound";
import { SavingsPending } from "./SavingsPending";

const SavingsDetailsQuery = graphql(
  `
    query SavingsDetails($id: ID!) {
      viewer {
        id
        session {
          signedInAt
          expiresAt
          idleExpiresAt
        }
      }
      node(id: $id) {
        __typename
        ... on SavingsProduct {
          id
          ...SavingsHeader
          ...SavingsMenus
        }
      }
    }
  `,
  [SavingsHeaderFragment, SavingsMenusFragment],
);

export function SavingsDetailsPage({ id }: { readonly id: string }): JSX.Element {
  return (
    <ViewerQuery query={SavingsDetailsQuery} variables={{ id }} pending={<SavingsPending />}>
      {(_viewer, { data: { node } }) => {
        if (node?.__typename !== "SavingsAccount" && node?.__typename !== "FixedTermDeposit") {
          return <SavingsNotFound />;
        }
        return (
          <SavingsHeader product={node} tab="vertragsdetails">
            <SavingsMenus product={node} />
          </SavingsHeader>
        );
      }}
    </ViewerQuery>
  );
}
