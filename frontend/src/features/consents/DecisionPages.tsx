/** The decisions as far as they were asked for; "Mehr laden" goes on. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { PagedRows } from "../../ui/PagedRows";
import { DecisionRows, DecisionRowsFragment } from "./DecisionRows";

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
  return (
    <PagedRows
      first={readFragment(DecisionPagesFragment, decisions)}
      more={MoreDecisionsQuery}
      pageOf={(viewer) => readFragment(DecisionPagesFragment, viewer.settingsHistory)}
      isRefreshing={isRefreshing}
    >
      {(page) => <DecisionRows decisions={page} />}
    </PagedRows>
  );
}
