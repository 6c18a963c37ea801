/** The submissions as far as they were asked for; "Mehr laden" goes on. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { PagedRows } from "../../ui/PagedRows";
import { SubmissionRows, SubmissionRowsFragment } from "./SubmissionRows";

export const SubmissionPagesFragment = graphql(
  `
    fragment SubmissionPages on SubmissionConnection {
      totalCount
      pageInfo {
        endCursor
        hasNextPage
      }
      ...SubmissionRows
    }
  `,
  [SubmissionRowsFragment],
);

const MoreSubmissionsQuery = graphql(
  `
    query MoreSubmissions($after: String) {
      viewer {
        id
        submissions(first: 20, after: $after) {
          ...SubmissionPages
        }
      }
    }
  `,
  [SubmissionPagesFragment],
);

interface SubmissionPagesProps {
  readonly submissions: FragmentOf<typeof SubmissionPagesFragment>;
  readonly isRefreshing: boolean;
}

export function SubmissionPages({ submissions, isRefreshing }: SubmissionPagesProps): JSX.Element {
  return (
    <PagedRows
      first={readFragment(SubmissionPagesFragment, submissions)}
      more={MoreSubmissionsQuery}
      pageOf={(viewer) => readFragment(SubmissionPagesFragment, viewer.submissions)}
      isRefreshing={isRefreshing}
    >
      {(page) => <SubmissionRows submissions={page} />}
    </PagedRows>
  );
}
