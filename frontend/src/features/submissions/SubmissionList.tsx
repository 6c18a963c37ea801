/** Submissions page by page; without any it says what will be here. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { m } from "../../paraglide/messages.js";
import { EmptyState } from "../../ui/EmptyState";
import { LoadMore } from "../../ui/LoadMore";
import { MoreRows } from "../../ui/MoreRows";
import { Skeleton } from "../../ui/Skeleton";
import { SubmissionRows, SubmissionRowsFragment } from "./SubmissionRows";

const PAGE_SIZE = 20;

const MoreSubmissionsQuery = graphql(
  `
    query MoreSubmissions($after: String) {
      viewer {
        id
        submissions(first: 20, after: $after) {
          ...SubmissionRows
        }
      }
    }
  `,
  [SubmissionRowsFragment],
);

interface SubmissionListProps {
  readonly submissions: FragmentOf<typeof SubmissionRowsFragment>;
  readonly total: number;
  readonly isRefreshing: boolean;
}

export function SubmissionList({
  submissions,
  total,
  isRefreshing,
}: SubmissionListProps): JSX.Element {
  const [cursors, setCursors] = useState<string[]>([]);
  if (total === 0) {
    return (
      <EmptyState title={m.submissions_empty_title()}>
        <p>{m.submissions_empty_text()}</p>
      </EmptyState>
    );
  }
  const more = (page: FragmentOf<typeof SubmissionRowsFragment>, index: number) => {
    const { endCursor, hasNextPage } = readFragment(SubmissionRowsFragment, page).pageInfo;
    if (index < cursors.length || (index === 0 && !hasNextPage)) return null;
    return (
      <LoadMore
        shown={Math.min(total, PAGE_SIZE * (index + 1))}
        total={total}
        hasMore={hasNextPage}
        isBusy={isRefreshing}
        onMore={() => endCursor && setCursors([...cursors, endCursor])}
      />
    );
  };
  return (
    <div class="stack" aria-busy={isRefreshing}>
      <SubmissionRows submissions={submissions} />
      {more(submissions, 0)}
      {cursors.map((after, index) => (
        <ViewerQuery
          key={after}
          query={MoreSubmissionsQuery}
          variables={{ after }}
          pending={<Skeleton rows={6} />}
        >
          {({ submissions: page }) => (
            <MoreRows>
              <SubmissionRows submissions={page} />
              {more(page, index + 1)}
            </MoreRows>
          )}
        </ViewerQuery>
      ))}
    </div>
  );
}
