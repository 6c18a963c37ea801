/** The letters that match, page by page; empty and refused say what to do. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { formatCount } from "../../lib/format";
import { useUrlState } from "../../lib/useUrlState";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { LoadMore } from "../../ui/LoadMore";
import { MoreRows } from "../../ui/MoreRows";
import { RefusedState } from "../../ui/RefusedState";
import { ResultCount } from "../../ui/ResultCount";
import { Skeleton } from "../../ui/Skeleton";
import { DocumentRows, DocumentRowsFragment } from "./DocumentRows";
import { emptyFilter, type Folder, type orderFromUrl, type toServerFilter } from "./documentFilter";

const PAGE_SIZE = 20;

export const DocumentListFragment = graphql(
  `
    fragment DocumentList on Postbox {
      documents(filter: $filter, orderBy: $orderBy, first: 20) {
        __typename
        ... on DocumentConnection {
          totalCount
          hasMoreThanCounted
          ...DocumentRows
        }
        ... on InvalidPeriod {
          message
        }
      }
    }
  `,
  [DocumentRowsFragment],
);

const MoreDocumentsQuery = graphql(
  `
    query MoreDocuments($filter: DocumentFilter, $orderBy: DocumentOrder!, $after: String) {
      viewer {
        id
        postbox {
          documents(filter: $filter, orderBy: $orderBy, first: 20, after: $after) {
            __typename
            ... on DocumentConnection {
              ...DocumentRows
            }
          }
        }
      }
    }
  `,
  [DocumentRowsFragment],
);

interface DocumentListProps {
  readonly postbox: FragmentOf<typeof DocumentListFragment>;
  readonly filter: ReturnType<typeof toServerFilter>;
  readonly orderBy: ReturnType<typeof orderFromUrl>;
  readonly folder: Folder;
  readonly isFiltered: boolean;
  readonly isRefreshing: boolean;
}

export function DocumentList({
  postbox,
  filter,
  orderBy,
  folder,
  isFiltered,
  isRefreshing,
}: DocumentListProps): JSX.Element {
  const { documents } = readFragment(DocumentListFragment, postbox);
  const [pages, setPages] = useState(1);
  if (documents.__typename === "InvalidPeriod") {
    return (
      <RefusedState title={m.postbox_bad_period()}>
        <p>{documents.message}</p>
      </RefusedState>
    );
  }
  const total = documents.totalCount;
  if (total === 0) return <NoDocuments folder={folder} isFiltered={isFiltered} />;
  return (
    <div class="stack" aria-busy={isRefreshing}>
      <ResultCount count={total} text={countText(total, documents.hasMoreThanCounted)} />
      <DocumentRows documents={documents} />
      <NextDocuments
        page={documents}
        number={1}
        {...{ filter, orderBy, total, pages, isRefreshing }}
        isMore={documents.hasMoreThanCounted}
        onMore={() => setPages(pages + 1)}
      />
    </div>
  );
}

interface NextDocumentsProps
  extends Pick<DocumentListProps, "filter" | "orderBy" | "isRefreshing"> {
  readonly page: FragmentOf<typeof DocumentRowsFragment>;
  readonly number: number;
  readonly pages: number;
  readonly total: number;
  /** More than `total` match. */
  readonly isMore: boolean;
  readonly onMore: () => void;
}

/** What comes behind a page: always behind its present end, which moves when a letter arrives. */
function NextDocuments(props: NextDocumentsProps): JSX.Element | null {
  const { page, number, pages, total, isMore, filter, orderBy, isRefreshing, onMore } = props;
  const { endCursor, hasNextPage } = readFragment(DocumentRowsFragment, page).pageInfo;
  if (number === pages || !hasNextPage) {
    return (
      <LoadMore
        shown={isMore ? PAGE_SIZE * number : Math.min(total, PAGE_SIZE * number)}
        total={total}
        isMore={isMore}
        hasMore={hasNextPage}
        isBusy={isRefreshing}
        onMore={onMore}
      />
    );
  }
  return (
    <ViewerQuery
      query={MoreDocumentsQuery}
      variables={{ filter, orderBy, after: endCursor }}
      pending={<Skeleton rows={6} />}
      keepsLast
    >
      {({ postbox: { documents: next } }) =>
        next.__typename === "DocumentConnection" ? (
          <MoreRows>
            <DocumentRows documents={next} />
            <NextDocuments {...props} page={next} number={number + 1} />
          </MoreRows>
        ) : null
      }
    </ViewerQuery>
  );
}

function NoDocuments({
  folder,
  isFiltered,
}: {
  readonly folder: Folder;
  readonly isFiltered: boolean;
}): JSX.Element {
  const [, change] = useUrlState();
  if (isFiltered) {
    return (
      <EmptyState title={m.postbox_no_match_title()}>
        <p>{m.postbox_no_match_text()}</p>
        <p>
          <Button kind="secondary" onClick={() => change({ ...emptyFilter })}>
            {m.common_reset_filter()}
          </Button>
        </p>
      </EmptyState>
    );
  }
  switch (folder) {
    case "gesendet":
      return (
        <EmptyState title={m.postbox_empty_sent_title()}>
          <p>{m.postbox_empty_sent_text()}</p>
        </EmptyState>
      );
    case "ungelesen":
      return (
        <EmptyState title={m.postbox_empty_unread_title()}>
          <p>{m.postbox_empty_unread_text()}</p>
        </EmptyState>
      );
    case "archiv":
      return (
        <EmptyState title={m.postbox_empty_archive_title()}>
          <p>{m.postbox_empty_archive_text()}</p>
        </EmptyState>
      );
    case "eingang":
      return (
        <EmptyState title={m.postbox_empty_title()}>
          <p>{m.postbox_empty_text()}</p>
        </EmptyState>
      );
  }
}

function countText(count: number, isMore: boolean): string {
  const shown = formatCount(count);
  if (isMore) return m.postbox_count_more({ count: shown });
  return count === 1
    ? m.postbox_count_one({ count: shown })
    : m.postbox_count_other({ count: shown });
}
