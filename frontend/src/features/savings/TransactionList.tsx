/** All transactions that match, newest first, page by page; with export and print. */
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
import { ResultCount } from "../../ui/ResultCount";
import { Skeleton } from "../../ui/Skeleton";
import styles from "./TransactionList.module.css";
import { TransactionRows, TransactionRowsFragment } from "./TransactionRows";
import { csvHref, emptyFilter, type TypedFilter, type toServerFilter } from "./transactionFilter";

const PAGE_SIZE = 50;

export const TransactionListFragment = graphql(
  `
    fragment TransactionList on AccountWithTransactions {
      id
      transactionsCsvUrl
      transactions(filter: $filter, first: 50) {
        totalCount
        ...TransactionRows
      }
    }
  `,
  [TransactionRowsFragment],
);

const MoreTransactionsQuery = graphql(
  `
    query MoreTransactions($id: ID!, $filter: TransactionFilter, $after: String) {
      viewer {
        id
      }
      node(id: $id) {
        __typename
        ... on AccountWithTransactions {
          id
          transactions(filter: $filter, first: 50, after: $after) {
            ...TransactionRows
          }
        }
      }
    }
  `,
  [TransactionRowsFragment],
);

interface TransactionListProps {
  readonly product: FragmentOf<typeof TransactionListFragment>;
  readonly filter: ReturnType<typeof toServerFilter>;
  readonly typed: TypedFilter;
  readonly isRefreshing: boolean;
}

export function TransactionList({
  product,
  filter,
  typed,
  isRefreshing,
}: TransactionListProps): JSX.Element {
  const { id, transactions, transactionsCsvUrl } = readFragment(TransactionListFragment, product);
  const [cursors, setCursors] = useState<string[]>([]);
  const total = transactions.totalCount;
  const more = (page: FragmentOf<typeof TransactionRowsFragment>, index: number) => {
    const { pageInfo } = readFragment(TransactionRowsFragment, page);
    const { endCursor } = pageInfo;
    if (index < cursors.length) return null;
    return (
      <LoadMore
        shown={Math.min(total, PAGE_SIZE * (index + 1))}
        total={total}
        hasMore={pageInfo.hasNextPage}
        isBusy={isRefreshing}
        onMore={() => endCursor && setCursors([...cursors, endCursor])}
      />
    );
  };
  return (
    <div class="stack" aria-busy={isRefreshing}>
      <div class={styles.head}>
        <ResultCount count={total} text={countText(total)} />
        {total > 0 && (
          <div class="buttons no-print">
            <Button kind="quiet" href={csvHref(transactionsCsvUrl, typed)} download="">
              {m.savings_csv()}
            </Button>
            <Button kind="quiet" onClick={() => window.print()}>
              {m.savings_print()}
            </Button>
          </div>
        )}
      </div>
      {total === 0 ? (
        <NoTransactions isFiltered={filter !== null} />
      ) : (
        <>
          <TransactionRows transactions={transactions} />
          {more(transactions, 0)}
        </>
      )}
      {cursors.map((after, index) => (
        <ViewerQuery
          key={after}
          query={MoreTransactionsQuery}
          variables={{ id, filter, after }}
          pending={<Skeleton rows={6} />}
        >
          {(_viewer, { data: { node } }) =>
            node && "transactions" in node ? (
              <MoreRows>
                <TransactionRows transactions={node.transactions} />
                {more(node.transactions, index + 1)}
              </MoreRows>
            ) : null
          }
        </ViewerQuery>
      ))}
    </div>
  );
}

function NoTransactions({ isFiltered }: { readonly isFiltered: boolean }): JSX.Element {
  const [, change] = useUrlState();
  if (!isFiltered) {
    return (
      <EmptyState title={m.savings_empty_title()}>
        <p>{m.savings_empty_text()}</p>
      </EmptyState>
    );
  }
  return (
    <EmptyState title={m.savings_no_match_title()}>
      <p>{m.savings_no_match_text()}</p>
      <p>
        <Button kind="secondary" onClick={() => change({ ...emptyFilter })}>
          {m.common_reset_filter()}
        </Button>
      </p>
    </EmptyState>
  );
}

function countText(count: number): string {
  const shown = formatCount(count);
  return count === 1
    ? m.savings_count_one({ count: shown })
    : m.savings_count_other({ count: shown });
}
