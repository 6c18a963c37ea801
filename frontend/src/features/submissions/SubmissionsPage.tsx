/** "Meine Aufträge": what went to institutions, and what became of it (M2, X8). */
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { EmptyState } from "../../ui/EmptyState";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { SubmissionPages, SubmissionPagesFragment } from "./SubmissionPages";

const SubmissionsQuery = graphql(
  `
    query Submissions {
      viewer {
        id
        submissions(first: 20) {
          totalCount
          ...SubmissionPages
        }
      }
    }
  `,
  [SubmissionPagesFragment],
);

export function SubmissionsPage(): JSX.Element {
  return (
    <Page
      title={m.submissions_title()}
      lead={m.submissions_lead()}
      back={{ href: paths.services, label: m.services_title() }}
    >
      <ViewerQuery query={SubmissionsQuery} variables={{}} pending={<Skeleton rows={6} />}>
        {({ submissions }, { isRefreshing }) =>
          submissions.totalCount === 0 ? (
            <EmptyState title={m.submissions_empty_title()}>
              <p>{m.submissions_empty_text()}</p>
            </EmptyState>
          ) : (
            <SubmissionPages submissions={submissions} isRefreshing={isRefreshing} />
          )
        }
      </ViewerQuery>
    </Page>
  );
}
