/** An account with another bank: plainly marked, its transactions as those of the house's accounts (F9). */
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { formatContractNumber, formatDate } from "../../lib/format";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Money } from "../../ui/Money";
import { Page } from "../../ui/Page";
import { Section } from "../../ui/Section";
import { BalanceHistory } from "./BalanceHistory";
import { NameSelfAddedAccount } from "./NameSelfAddedAccount";
import { RemoveSelfAddedAccount } from "./RemoveSelfAddedAccount";
import styles from "./SavingsHeader.module.css";
import { SavingsNotFound } from "./SavingsNotFound";
import { SavingsPending } from "./SavingsPending";
import { TransactionFilterBar } from "./TransactionFilterBar";
import { TransactionList, TransactionListFragment } from "./TransactionList";
import { useTransactionFilter } from "./useTransactionFilter";

const SelfAddedAccountQuery = graphql(
  `
    query SelfAddedAccount($id: ID!, $filter: TransactionFilter) {
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
        ... on SelfAddedAccount {
          id
          iban
          bankName
          label
          balance {
            amount
            currency
          }
          balanceOn
          balanceFromDate
          hasUnknownBalances
          ...TransactionList
        }
      }
    }
  `,
  [TransactionListFragment],
);

export function SelfAddedAccountPage({ id }: { readonly id: string }): JSX.Element {
  const { typed, filter } = useTransactionFilter();
  return (
    <ViewerQuery
      query={SelfAddedAccountQuery}
      variables={{ id, filter }}
      pending={<SavingsPending />}
      keepsLast
    >
      {(_viewer, { data: { node, portal }, isRefreshing }) => {
        if (node?.__typename !== "SelfAddedAccount") return <SavingsNotFound />;
        const { iban, bankName, label, balance, balanceOn, balanceFromDate } = node;
        const unknownBefore = node.hasUnknownBalances ? balanceFromDate : null;
        return (
          <Page
            title={label ?? bankName ?? m.self_added_account()}
            lead={[label && bankName, formatContractNumber(iban), m.self_added_mark()]
              .filter(Boolean)
              .join(" · ")}
            back={{ href: paths.contracts, label: m.contracts_title() }}
          >
            <div class="sections">
              <div class="stack">
                <Balance amount={balance} on={balanceOn} />
                <div class="no-print">
                  <Button kind="secondary" href={paths.addSelfAddedAccount}>
                    {m.self_added_account_more()}
                  </Button>
                </div>
              </div>
              <div class="stack">
                {balance && <BalanceHistory id={node.id} today={portal.today} />}
                <TransactionFilterBar />
                <TransactionList
                  key={JSON.stringify(filter)}
                  product={node}
                  filter={filter}
                  typed={typed}
                  isRefreshing={isRefreshing}
                />
                {unknownBefore && (
                  <p class="muted small">
                    {m.self_added_account_balance_from({ date: formatDate(unknownBefore) })}
                  </p>
                )}
              </div>
              <Section title={m.self_added_account_manage()}>
                <div class="stack no-print">
                  <NameSelfAddedAccount key={label} id={node.id} label={label ?? ""} />
                  <div class="buttons">
                    <RemoveSelfAddedAccount id={node.id} />
                  </div>
                </div>
              </Section>
            </div>
          </Page>
        );
      }}
    </ViewerQuery>
  );
}

interface BalanceProps {
  readonly amount: { readonly amount: string; readonly currency: string } | null;
  readonly on: string | null;
}

function Balance({ amount, on }: BalanceProps): JSX.Element {
  return (
    <div>
      {amount && (
        <p class={styles.balance}>
          <span class="muted">{m.savings_balance()}</span>
          <span class={styles.figure}>
            <Money {...amount} />
          </span>
          {on && <span class="muted small">{m.savings_balance_on({ date: formatDate(on) })}</span>}
        </p>
      )}
      <p class="muted">
        {m.self_added_account_lead()} {!amount && m.self_added_account_no_balance()}
      </p>
    </div>
  );
}
