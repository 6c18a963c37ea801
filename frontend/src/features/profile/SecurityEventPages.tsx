/** The security log as far as it was asked for; "Mehr laden" goes on. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { PagedRows } from "../../ui/PagedRows";
import { SecurityEventRows, SecurityEventRowsFragment } from "./SecurityEventRows";

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
  return (
    <PagedRows
      first={readFragment(SecurityEventPagesFragment, events)}
      more={MoreSecurityEventsQuery}
      pageOf={(viewer) => readFragment(SecurityEventPagesFragment, viewer.securityEvents)}
      isRefreshing={isRefreshing}
    >
      {(page) => <SecurityEventRows events={page} />}
    </PagedRows>
  );
}
