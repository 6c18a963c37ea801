/** The menus of a savings product; which one is open stands in the URL. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { contractStatusName, savingsKindName } from "../../lib/contractWords";
import { formatIban, formatPercent } from "../../lib/format";
import { useUrlState } from "../../lib/useUrlState";
import { m } from "../../paraglide/messages.js";
import { DataList } from "../../ui/DataList";
import { DateText } from "../../ui/DateText";
import { Disclosure } from "../../ui/Disclosure";
import { DirectDebitMenu, DirectDebitMenuFragment } from "./DirectDebitMenu";
import { PayoutMenu, PayoutMenuFragment } from "./PayoutMenu";

export const SavingsMenusFragment = graphql(
  `
    fragment SavingsMenus on SavingsProduct {
      __typename
      id
      productName
      number
      iban
      bic
      status
      startDate
      endDate
      interestRate
      holders
      institution {
        id
        name
      }
      ... on FixedTermDeposit {
        maturityDate
      }
      payoutAccount {
        ...PayoutMenu
      }
      directDebit {
        ...DirectDebitMenu
      }
    }
  `,
  [PayoutMenuFragment, DirectDebitMenuFragment],
);

export function SavingsMenus({
  product,
}: {
  readonly product: FragmentOf<typeof SavingsMenusFragment>;
}): JSX.Element {
  const read = readFragment(SavingsMenusFragment, product);
  const [query, change] = useUrlState();
  const open = query.menue ?? "vertragsdetails";
  const menu = (key: string) => ({
    isOpen: open === key,
    onToggle: () => change({ menue: open === key ? "zu" : key }),
  });
  const maturity = read.__typename === "FixedTermDeposit" ? read.maturityDate : null;
  return (
    <div>
      <Disclosure title={m.savings_menu_details()} {...menu("vertragsdetails")}>
        <DataList
          items={[
            [m.savings_product(), read.productName ?? savingsKindName(read.__typename)],
            [m.savings_institution(), read.institution.name],
            [m.savings_holders_one(), read.holders.join(", ")],
            [m.savings_number(), read.number === read.iban ? null : read.number],
            [m.savings_iban(), formatIban(read.iban)],
            [m.savings_bic(), read.bic],
            [m.savings_interest(), read.interestRate && formatPercent(read.interestRate)],
            [m.savings_status(), contractStatusName(read.status)],
            [m.savings_start(), read.startDate && <DateText date={read.startDate} />],
            [m.savings_maturity(), maturity && <DateText date={maturity} />],
            [m.savings_end(), read.endDate && <DateText date={read.endDate} />],
          ]}
        />
      </Disclosure>
      <Disclosure title={m.savings_menu_payout()} {...menu("auszahlungskonto")}>
        <PayoutMenu account={read.payoutAccount} contract={read.id} />
      </Disclosure>
      {read.directDebit && (
        <Disclosure title={m.savings_menu_direct_debit()} {...menu("lastschrifteinzug")}>
          <DirectDebitMenu mandate={read.directDebit} contract={read.id} />
        </Disclosure>
      )}
    </div>
  );
}
