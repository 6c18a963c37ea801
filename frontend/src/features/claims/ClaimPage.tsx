/** One claim: how far it is, what comes next, its statement and its receipt (X1, F54). */
import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Message } from "../../ui/Message";
import { Page } from "../../ui/Page";
import { RefusedState } from "../../ui/RefusedState";
import { Skeleton } from "../../ui/Skeleton";
import { ClaimView, ClaimViewFragment } from "./ClaimView";

const ClaimQuery = graphql(
  `
    query Claim($id: ID!) {
      viewer {
        id
      }
      node(id: $id) {
        __typename
        ... on Claim {
          id
          ...ClaimView
        }
      }
    }
  `,
  [ClaimViewFragment],
);

const back = () => ({ href: paths.claims, label: m.claims_title() });

export function ClaimPage({ id }: { readonly id: string }): JSX.Element {
  const { query } = useLocation();
  return (
    <ViewerQuery
      query={ClaimQuery}
      variables={{ id }}
      pending={
        <Page title={m.claims_claim()} back={back()}>
          <Skeleton rows={6} shape="text" />
        </Page>
      }
    >
      {(viewer, { data: { node } }) =>
        node?.__typename === "Claim" ? (
          <ClaimView account={viewer.id} claim={node} back={back()}>
            {query.gesendet && (
              <Message kind="success" title={m.claims_sent_title()} isAlert>
                <p>{m.claims_sent_text()}</p>
              </Message>
            )}
          </ClaimView>
        ) : (
          <Page title={m.claims_claim()} back={back()}>
            <RefusedState title={m.claims_not_found_title()}>
              <p>{m.claims_not_found_text()}</p>
              <p>
                <Button kind="secondary" href={paths.claims}>
                  {m.claims_to_all()}
                </Button>
              </p>
            </RefusedState>
          </Page>
        )
      }
    </ViewerQuery>
  );
}
