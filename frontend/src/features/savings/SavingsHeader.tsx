/** Name, IBAN, balance and tabs of a savings product; the frame of both of its pages. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { ComponentChildren, JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { savingsKindName } from "../../lib/contractWords";
import { formatDate, formatIban } from "../../lib/format";
import { paths, type SavingsTab, savingsPath } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Money } from "../../ui/Money";
import { Page } from "../../ui/Page";
import { Tabs } from "../../ui/Tabs";
import styles from "./SavingsHeader.module.css";

export const SavingsHeaderFragment = graphql(`
  fragment SavingsHeader on SavingsProduct {
    __typename
    id
    productName
    iban
    balance {
      amount
      currency
    }
    balanceOn
  }
`);

interface SavingsHeaderProps {
  readonly product: FragmentOf<typeof SavingsHeaderFragment>;
  readonly tab: SavingsTab;
  readonly children: ComponentChildren;
}

export function SavingsHeader({ product, tab, children }: SavingsHeaderProps): JSX.Element {
  const read = readFragment(SavingsHeaderFragment, product);
  const tabs: [SavingsTab, string][] = [
    ["umsaetze", m.savings_tab_transactions()],
    ["vertragsdetails", m.savings_tab_details()],
  ];
  return (
    <Page
      title={read.productName ?? savingsKindName(read.__typename)}
      lead={formatIban(read.iban)}
      back={{ href: paths.contracts, label: m.contracts_title() }}
    >
      <p class={styles.balance}>
        <span class="muted">{m.savings_balance()}</span>
        <span class={styles.figure}>
          <Money {...read.balance} />
        </span>
        {read.balanceOn && (
          <span class="muted small">
            {m.savings_balance_on({ date: formatDate(read.balanceOn) })}
          </span>
        )}
      </p>
      <Tabs
        label={m.savings_tabs()}
        tabs={tabs.map(([key, label]) => ({
          href: savingsPath(read.id, key),
          label,
          isCurrent: key === tab,
        }))}
      />
      {children}
    </Page>
  );
}
