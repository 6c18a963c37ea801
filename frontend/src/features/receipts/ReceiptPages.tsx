/** The receipts as far as they were asked for; "Mehr laden" goes on. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { PagedRows } from "../../ui/PagedRows";
import { ReceiptRows, ReceiptRowsFragment } from "./ReceiptRows";

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
  return (
    <PagedRows
      first={readFragment(ReceiptPagesFragment, receipts)}
      more={MoreReceiptsQuery}
      pageOf={(viewer) => readFragment(ReceiptPagesFragment, viewer.receipts)}
      isRefreshing={isRefreshing}
    >
      {(page) => <ReceiptRows receipts={page} />}
    </PagedRows>
  );
}
