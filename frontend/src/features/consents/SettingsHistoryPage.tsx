/** "Verlauf": everything the customer decided about consents and delivery, page by page (F19, F28). */
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { EmptyState } from "../../ui/EmptyState";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { DecisionPages, DecisionPagesFragment } from "./DecisionPages";

const SettingsHistoryQuery = graphql(
  `
    query SettingsHistory {
      viewer {
        id
        settingsHistory(first: 20) {
          totalCount
          ...DecisionPages
        }
      }
    }
  `,
  [DecisionPagesFragment],
);

export function SettingsHistoryPage(): JSX.Element {
  return (
    <Page
      title={m.consents_history_title()}
      lead={m.consents_history_lead()}
      back={{ href: paths.settings, label: m.profile_settings() }}
    >
      <ViewerQuery query={SettingsHistoryQuery} variables={{}} pending={<Skeleton rows={6} />}>
        {({ settingsHistory }, { isRefreshing }) =>
          settingsHistory.totalCount === 0 ? (
            <EmptyState title={m.consents_history_empty()}>
              <p>{m.consents_history_empty_text()}</p>
            </EmptyState>
          ) : (
            <DecisionPages decisions={settingsHistory} isRefreshing={isRefreshing} />
          )
        }
      </ViewerQuery>
    </Page>
  );
}
