/** "Sicherheitsprotokoll": everything that happened to the user account, page by page (X4). */
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { EmptyState } from "../../ui/EmptyState";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { SecurityEventPages, SecurityEventPagesFragment } from "./SecurityEventPages";

const SecurityLogQuery = graphql(
  `
    query SecurityLog {
      viewer {
        id
        securityEvents(first: 20) {
          totalCount
          ...SecurityEventPages
        }
      }
    }
  `,
  [SecurityEventPagesFragment],
);

export function SecurityLogPage(): JSX.Element {
  return (
    <Page
      title={m.profile_log_title()}
      lead={m.profile_log_lead()}
      back={{ href: paths.security, label: m.profile_security() }}
    >
      <ViewerQuery query={SecurityLogQuery} variables={{}} pending={<Skeleton rows={8} />}>
        {({ securityEvents }, { isRefreshing }) =>
          securityEvents.totalCount === 0 ? (
            <EmptyState title={m.profile_log_empty()}>
              <p>{m.profile_log_empty_text()}</p>
            </EmptyState>
          ) : (
            <SecurityEventPages events={securityEvents} isRefreshing={isRefreshing} />
          )
        }
      </ViewerQuery>
    </Page>
  );
}
