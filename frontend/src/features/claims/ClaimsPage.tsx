/** "Rechnungen": what is not sent yet, and what became of what was (X1). */
import type { ComponentChildren, JSX } from "preact";
import { useEffect } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { onDraftsChanged } from "../../lib/claimDrafts";
import { paths } from "../../lib/paths";
import { presence } from "../../lib/presence";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { Page } from "../../ui/Page";
import { SavedClaims } from "../../ui/SavedClaims";
import { Section } from "../../ui/Section";
import { Skeleton } from "../../ui/Skeleton";
import { ClaimPages, ClaimPagesFragment } from "./ClaimPages";

const ClaimsQuery = graphql(
  `
    query Claims {
      viewer {
        id
        claims(first: 20) {
          totalCount
          ...ClaimPages
        }
      }
    }
  `,
  [ClaimPagesFragment],
);

export function ClaimsPage(): JSX.Element {
  return (
    <Page
      title={m.claims_title()}
      lead={m.claims_lead()}
      back={{ href: paths.services, label: m.services_title() }}
    >
      <div class="sections">
        <div class="buttons">
          <Button href={paths.newClaim}>{m.claims_new()}</Button>
          <Button kind="secondary" href={paths.parkedInvoices}>
            {m.parked_title()}
          </Button>
        </div>
        <ViewerQuery
          query={ClaimsQuery}
          variables={{}}
          pending={<Skeleton rows={6} />}
          failed={(state) => <OnThisDevice>{state}</OnThisDevice>}
        >
          {({ id, claims }, { isRefreshing, refetch }) => (
            <>
              <Refetch onChange={refetch} />
              <SavedClaims account={id} />
              <Section title={m.claims_sent()}>
                {claims.totalCount === 0 ? (
                  <EmptyState title={m.claims_empty()}>
                    <p>{m.claims_empty_text()}</p>
                  </EmptyState>
                ) : (
                  <ClaimPages account={id} claims={claims} isRefreshing={isRefreshing} />
                )}
              </Section>
            </>
          )}
        </ViewerQuery>
      </div>
    </Page>
  );
}

/** Without an answer what is not sent yet shows all the same, for as long as the session would last. */
function OnThisDevice({ children }: { readonly children: ComponentChildren }): JSX.Element {
  const account = presence(Date.now())?.account;
  return (
    <>
      {account && <SavedClaims account={account} />}
      <Section title={m.claims_sent()}>{children}</Section>
    </>
  );
}

/** The service worker may send while this page is open. */
function Refetch({ onChange }: { readonly onChange: () => void }): null {
  // biome-ignore lint/correctness/useExhaustiveDependencies: one listener for the page's life
  useEffect(() => onDraftsChanged(onChange), []);
  return null;
}
