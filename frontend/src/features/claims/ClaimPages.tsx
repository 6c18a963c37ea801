/** The claims as far as they were asked for; "Mehr laden" goes on. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { LoadMore } from "../../ui/LoadMore";
import { MoreRows } from "../../ui/MoreRows";
import { Skeleton } from "../../ui/Skeleton";
import { ClaimRows, ClaimRowsFragment } from "./ClaimRows";

const PAGE_SIZE = 20;

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
  const [cursors, setCursors] = useState<string[]>([]);
  const rows = (some: FragmentOf<typeof ClaimPagesFragment>, index: number) => {
    const page = readFragment(ClaimPagesFragment, some);
    const { endCursor, hasNextPage } = page.pageInfo;
    return (
      <>
        <ClaimRows account={account} claims={page} />
        {index === cursors.length && (
          <LoadMore
            shown={Math.min(page.totalCount, PAGE_SIZE * (index + 1))}
            total={page.totalCount}
            hasMore={hasNextPage}
            isBusy={isRefreshing}
            onMore={() => endCursor && setCursors([...cursors, endCursor])}
          />
        )}
      </>
    );
  };
  return (
    <div class="stack" aria-busy={isRefreshing}>
      {rows(claims, 0)}
      {cursors.map((after, index) => (
        <ViewerQuery
          key={after}
          query={MoreClaimsQuery}
          variables={{ after }}
          pending={<Skeleton rows={6} />}
        >
          {(viewer) => <MoreRows>{rows(viewer.claims, index + 1)}</MoreRows>}
        </ViewerQuery>
      ))}
    </div>
  );
}
