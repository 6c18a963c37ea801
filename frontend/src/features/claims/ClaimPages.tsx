/** The claims as far as they were asked for; "Mehr laden" goes on. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { PagedRows } from "../../ui/PagedRows";
import { ClaimRows, ClaimRowsFragment } from "./ClaimRows";

export const ClaimPagesFragment = graphql(
  `
    fragment ClaimPages on ClaimConnection {
      totalCount
      pageInfo {
        endCursor
        hasNextPage
      }
      ...ClaimRows
    }
  `,
  [ClaimRowsFragment],
);

const MoreClaimsQuery = graphql(
  `
    query MoreClaims($after: String) {
      viewer {
        id
        claims(first: 20, after: $after) {
          ...ClaimPages
        }
      }
    }
  `,
  [ClaimPagesFragment],
);

interface ClaimPagesProps {
  readonly account: string;
  readonly claims: FragmentOf<typeof ClaimPagesFragment>;
  readonly isRefreshing: boolean;
}

export function ClaimPages({ account, claims, isRefreshing }: ClaimPagesProps): JSX.Element {
  return (
    <PagedRows
      first={readFragment(ClaimPagesFragment, claims)}
      more={MoreClaimsQuery}
      pageOf={(viewer) => readFragment(ClaimPagesFragment, viewer.claims)}
      isRefreshing={isRefreshing}
    >
      {(page) => <ClaimRows account={account} claims={page} />}
    </PagedRows>
  );
}
