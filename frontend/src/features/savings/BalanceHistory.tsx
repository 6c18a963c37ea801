/** The balance over the last year: a plot and, for those who want figures, a table; both only on demand. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { lazy } from "preact-iso";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { addDays, addYears } from "../../lib/civilDate";
import { formatDate, formatMoney } from "../../lib/format";
import { useUrlState } from "../../lib/useUrlState";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { DateText } from "../../ui/DateText";
import { Money } from "../../ui/Money";
import { Section } from "../../ui/Section";
import { Skeleton } from "../../ui/Skeleton";
import { Table } from "../../ui/Table";

const BalancePlot = lazy(() => import("./BalancePlot").then((module) => module.BalancePlot));

const BalanceHistoryQuery = graphql(`
  query BalanceHistory($id: ID!, $from: Date!, $to: Date!) {
    viewer {
      id
    }
    node(id: $id) {
      __typename
      ... on AccountWithTransactions {
        id
        balanceHistory(from: $from, to: $to) {
          date
          balance {
            amount
            currency
          }
        }
      }
    }
  }
`);

interface Point {
  readonly date: string;
  readonly balance: { readonly amount: string; readonly currency: string };
}

interface BalanceHistoryProps {
  readonly id: string;
  readonly today: string;
}

export function BalanceHistory({ id, today }: BalanceHistoryProps): JSX.Element {
  const [query, change] = useUrlState();
  const isShown = query.verlauf === "1";
  return (
    <div class="stack no-print">
      <div>
        <Button kind="quiet" onClick={() => change({ verlauf: isShown ? null : "1" })}>
          {isShown ? m.savings_chart_hide() : m.savings_chart_show()}
        </Button>
      </div>
      {isShown && (
        <ViewerQuery
          query={BalanceHistoryQuery}
          variables={{ id, from: addYears(today, -1), to: addDays(today, 1) }}
          pending={<Skeleton rows={4} shape="text" />}
        >
          {(_viewer, { data: { node } }) => (
            <History points={node && "balanceHistory" in node ? node.balanceHistory : []} />
          )}
        </ViewerQuery>
      )}
    </div>
  );
}

function History({ points }: { readonly points: readonly Point[] }): JSX.Element {
  const [hasTable, setTable] = useState(false);
  const [first] = points;
  const last = points.at(-1);
  if (!first || !last) return <p class="muted">{m.savings_chart_empty()}</p>;
  const sorted = [...points].sort((a, b) => Number(a.balance.amount) - Number(b.balance.amount));
  const low = (sorted[0] ?? first).balance;
  const high = (sorted.at(-1) ?? last).balance;
  const summary = m.savings_chart_summary({
    from: formatDate(first.date),
    to: formatDate(last.date),
    low: formatMoney(low.amount, low.currency),
    high: formatMoney(high.amount, high.currency),
  });
  return (
    <Section title={m.savings_chart()}>
      <BalancePlot points={points} summary={summary} />
      <p class="muted small">{summary}</p>
      <div>
        <Button kind="quiet" onClick={() => setTable(!hasTable)}>
          {hasTable ? m.savings_chart_table_hide() : m.savings_chart_table()}
        </Button>
      </div>
      {hasTable && (
        <Table
          caption={m.savings_chart()}
          items={[...points].reverse()}
          keyOf={(point) => point.date}
          columns={[
            { key: "date", title: m.savings_date(), cell: (p) => <DateText date={p.date} /> },
            {
              key: "balance",
              title: m.savings_balance(),
              isNumeric: true,
              cell: (p) => <Money {...p.balance} />,
            },
          ]}
        />
      )}
    </Section>
  );
}
