/** One page of transactions under the dates of their value (F65). */
import { type FragmentOf, type ResultOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { formatMoney, formatShortDate } from "../../lib/format";
import { m } from "../../paraglide/messages.js";
import { DateText } from "../../ui/DateText";
import { Money } from "../../ui/Money";
import { Row } from "../../ui/Row";
import { Rows } from "../../ui/Rows";
import styles from "./TransactionRows.module.css";

export const TransactionRowsFragment = graphql(`
  fragment TransactionRows on TransactionConnection {
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      id
      valueDate
      bookingDate
      amount {
        amount
        currency
      }
      balanceAfter {
        amount
        currency
      }
      counterpartyName
      remittanceInformation
      isPending
      isReversal
    }
  }
`);

type Transaction = ResultOf<typeof TransactionRowsFragment>["nodes"][number];

export function TransactionRows({
  transactions,
}: {
  readonly transactions: FragmentOf<typeof TransactionRowsFragment>;
}): JSX.Element {
  const { nodes } = readFragment(TransactionRowsFragment, transactions);
  return (
    <div class={styles.days}>
      {[...byDay(nodes)].map(([day, entries]) => (
        <div key={day}>
          <h2 class={styles.day}>
            <DateText date={day} />
          </h2>
          <Rows>
            {entries.map((entry) => (
              <Row
                key={entry.id}
                title={entry.counterpartyName ?? entry.remittanceInformation}
                detail={detailOf(entry)}
                figure={<Money {...entry.amount} isSigned />}
                figureDetail={
                  entry.balanceAfter &&
                  m.savings_balance_after({
                    amount: formatMoney(entry.balanceAfter.amount, entry.balanceAfter.currency),
                  })
                }
              />
            ))}
          </Rows>
        </div>
      ))}
    </div>
  );
}

function byDay(nodes: readonly Transaction[]): Map<string, Transaction[]> {
  const days = new Map<string, Transaction[]>();
  for (const entry of nodes) {
    const day = days.get(entry.valueDate);
    if (day) day.push(entry);
    else days.set(entry.valueDate, [entry]);
  }
  return days;
}

function detailOf(entry: Transaction): string {
  const booked =
    entry.bookingDate && entry.bookingDate !== entry.valueDate
      ? m.savings_booked_on({ date: formatShortDate(entry.bookingDate) })
      : null;
  return [
    entry.isPending && m.savings_pending(),
    entry.isReversal && m.savings_reversal(),
    entry.counterpartyName && entry.remittanceInformation,
    booked,
  ]
    .filter(Boolean)
    .join(" · ");
}
