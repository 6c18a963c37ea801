/** F67: the account to which payouts go. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { formatIban } from "../../lib/format";
import { bankAccountPath } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { DataList } from "../../ui/DataList";

export const PayoutMenuFragment = graphql(`
  fragment PayoutMenu on BankAccount {
    maskedIban
    bic
    bankName
    holder
  }
`);

export function PayoutMenu({
  account,
  contract,
}: {
  readonly account: FragmentOf<typeof PayoutMenuFragment> | null;
  /** Whose payout account it is. */
  readonly contract: string;
}): JSX.Element {
  const change = <a href={bankAccountPath(contract)}>{m.bank_accounts_change()}</a>;
  if (!account) {
    return (
      <div class="stack">
        <p>{m.savings_payout_none()}</p>
        <p>{change}</p>
      </div>
    );
  }
  const read = readFragment(PayoutMenuFragment, account);
  return (
    <div class="stack">
      <p>{m.savings_payout_text()}</p>
      <DataList
        items={[
          [m.savings_iban(), formatIban(read.maskedIban)],
          [m.savings_bic(), read.bic],
          [m.savings_bank(), read.bankName],
          [m.savings_holder(), read.holder],
        ]}
      />
      <p>{change}</p>
    </div>
  );
}
