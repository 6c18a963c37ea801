/** F64: clicking the product opens its transactions, all of them. */
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { BalanceHistory } from "./BalanceHistory";
import { SavingsHeader, SavingsHeaderFragment } from "./SavingsHeader";
import { SavingsNotFound } from "./SavingsNotFound";
import { SavingsPending } from "./SavingsPending";
import { TransactionFilterBar } from "./TransactionFilterBar";
import { TransactionList, TransactionListFragment } from "./TransactionList";
import { useTransactionFilter } from "./useTransactionFilter";

const TransactionsQuery = graphql(
  `
    query Transactions($id: ID!, $filter: TransactionFilter) {
      portal {
        today
      }
      viewer {
        id
        session {
          signedInAt
          expiresAt
          idleExpiresAt
        }
      }
      node(id: $id) {
        __typename
        ... on SavingsProduct {
          id
          startDate
          ...SavingsHeader
          ...TransactionList
        }
      }
    }
  `,
  [SavingsHeaderFragment, TransactionListFragment],
);

export function TransactionsPage({ id }: { readonly id: string }): JSX.Element {
  const { typed, filter } = useTransactionFilter();
  return (
    <ViewerQuery
      query={TransactionsQuery}
      variables={{ id, filter }}
      pending={<SavingsPending />}
      keepsLast
    >
      {(_viewer, { data: { node, portal }, isRefreshing }) => {
        if (node?.__typename !== "SavingsAccount" && node?.__typename !== "FixedTermDeposit") {
          return <SavingsNotFound />;
        }
        return (
          <SavingsHeader product={node} tab="umsaetze">
            <div class="stack">
              <BalanceHistory id={node.id} today={portal.today} />
              <TransactionFilterBar />
              <TransactionList
                key={JSON.stringify(filter)}
                product={node}
                filter={filter}
                typed={typed}
                isRefreshing={isRefreshing}
              />
            </div>
          </SavingsHeader>
        );
      }}
    </ViewerQuery>
  );
}
