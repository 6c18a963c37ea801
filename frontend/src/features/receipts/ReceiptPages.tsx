/** The receipts as far as they were asked for; "Mehr laden" goes on. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { LoadMore } from "../../ui/LoadMore";
import { MoreRows } from "../../ui/MoreRows";
import { Skeleton } from "../../ui/Skeleton";
import { ReceiptRows, ReceiptRowsFragment } from "./ReceiptRows";

const PAGE_SIZE = 20;

export const ReceiptPagesFragment = graphql(
  `
    fragment ReceiptPages on ReceiptConnection {
      totalCount
      pageInfo {
        endCursor
        hasNextPage
      }
      ...ReceiptRows
    }
  `,
  [ReceiptRowsFragment],
);

const MoreReceiptsQuery = graphql(
  `
    query MoreReceipts($after: String) {
      viewer {
        id
        receipts(first: 20, after: $after) {
          ...ReceiptPages
        }
      }
    }
  `,
  [ReceiptPagesFragment],
);

interface ReceiptPagesProps {
  readonly receipts: FragmentOf<typeof ReceiptPagesFragment>;
  readonly isRefreshing: boolean;
}

export function ReceiptPages({ receipts, isRefreshing }: ReceiptPagesProps): JSX.Element {
  const [cursors, setCursors] = useState<string[]>([]);
  const rows = (some: FragmentOf<typeof ReceiptPagesFragment>, index: number) => {
    const page = readFragment(ReceiptPagesFragment, some);
    const { endCursor, hasNextPage } = page.pageInfo;
    return (
      <>
        <ReceiptRows receipts={page} />
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
      {rows(receipts, 0)}
      {cursors.map((after, index) => (
        <ViewerQuery
          key={after}
          query={MoreReceiptsQuery}
          variables={{ after }}
          pending={<Skeleton rows={6} />}
        >
          {(viewer) => <MoreRows>{rows(viewer.receipts, index + 1)}</MoreRows>}
        </ViewerQuery>
      ))}
    </div>
  );
}
