/** The decisions as far as they were asked for; "Mehr laden" goes on. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { LoadMore } from "../../ui/LoadMore";
import { MoreRows } from "../../ui/MoreRows";
import { Skeleton } from "../../ui/Skeleton";
import { DecisionRows, DecisionRowsFragment } from "./DecisionRows";

const PAGE_SIZE = 20;

export const DecisionPagesFragment = graphql(
  `
    fragment DecisionPages on SettingsDecisionConnection {
      totalCount
      pageInfo {
        endCursor
        hasNextPage
      }
      ...DecisionRows
    }
  `,
  [DecisionRowsFragment],
);

const MoreDecisionsQuery = graphql(
  `
    query MoreDecisions($after: String) {
      viewer {
        id
        settingsHistory(first: 20, after: $after) {
          ...DecisionPages
        }
      }
    }
  `,
  [DecisionPagesFragment],
);

interface DecisionPagesProps {
  readonly decisions: FragmentOf<typeof DecisionPagesFragment>;
  readonly isRefreshing: boolean;
}

export function DecisionPages({ decisions, isRefreshing }: DecisionPagesProps): JSX.Element {
  const [cursors, setCursors] = useState<string[]>([]);
  const rows = (some: FragmentOf<typeof DecisionPagesFragment>, index: number) => {
    const page = readFragment(DecisionPagesFragment, some);
    const { endCursor, hasNextPage } = page.pageInfo;
    return (
      <>
        <DecisionRows decisions={page} />
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
      {rows(decisions, 0)}
      {cursors.map((after, index) => (
        <ViewerQuery
          key={after}
          query={MoreDecisionsQuery}
          variables={{ after }}
          pending={<Skeleton rows={6} />}
        >
          {({ settingsHistory }) => <MoreRows>{rows(settingsHistory, index + 1)}</MoreRows>}
        </ViewerQuery>
      ))}
    </div>
  );
}
