/** The security log as far as it was asked for; "Mehr laden" goes on. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { LoadMore } from "../../ui/LoadMore";
import { MoreRows } from "../../ui/MoreRows";
import { Skeleton } from "../../ui/Skeleton";
import { SecurityEventRows, SecurityEventRowsFragment } from "./SecurityEventRows";

const PAGE_SIZE = 20;

export const SecurityEventPagesFragment = graphql(
  `
    fragment SecurityEventPages on SecurityEventConnection {
      totalCount
      pageInfo {
        endCursor
        hasNextPage
      }
      ...SecurityEventRows
    }
  `,
  [SecurityEventRowsFragment],
);

const MoreSecurityEventsQuery = graphql(
  `
    query MoreSecurityEvents($after: String) {
      viewer {
        id
        securityEvents(first: 20, after: $after) {
          ...SecurityEventPages
        }
      }
    }
  `,
  [SecurityEventPagesFragment],
);

interface SecurityEventPagesProps {
  readonly events: FragmentOf<typeof SecurityEventPagesFragment>;
  readonly isRefreshing: boolean;
}

export function SecurityEventPages({ events, isRefreshing }: SecurityEventPagesProps): JSX.Element {
  const [cursors, setCursors] = useState<string[]>([]);
  const rows = (some: FragmentOf<typeof SecurityEventPagesFragment>, index: number) => {
    const page = readFragment(SecurityEventPagesFragment, some);
    const { endCursor, hasNextPage } = page.pageInfo;
    return (
      <>
        <SecurityEventRows events={page} />
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
      {rows(events, 0)}
      {cursors.map((after, index) => (
        <ViewerQuery
          key={after}
          query={MoreSecurityEventsQuery}
          variables={{ after }}
          pending={<Skeleton rows={6} />}
        >
          {({ securityEvents }) => <MoreRows>{rows(securityEvents, index + 1)}</MoreRows>}
        </ViewerQuery>
      ))}
    </div>
  );
}
