/** F68: the direct debit mandate; this menu exists only while there is one. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { formatIban } from "../../lib/format";
import { bankAccountPath } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { DataList } from "../../ui/DataList";
import { DateText } from "../../ui/DateText";

export const DirectDebitMenuFragment = graphql(`
  fragment DirectDebitMenu on SepaMandate {
    mandateReference
    creditorIdentifier
    signedOn
    lastUsedOn
    endsOn
    bankAccount {
      maskedIban
      bankName
      holder
    }
  }
`);

export function DirectDebitMenu({
  mandate,
  contract,
}: {
  readonly mandate: FragmentOf<typeof DirectDebitMenuFragment>;
  /** What is debited for. */
  readonly contract: string;
}): JSX.Element {
  const read = readFragment(DirectDebitMenuFragment, mandate);
  return (
    <div class="stack">
      <p>{m.savings_direct_debit_text()}</p>
      <DataList
        items={[
          [m.savings_mandate(), read.mandateReference],
          [m.savings_creditor(), read.creditorIdentifier],
          [m.savings_iban(), read.bankAccount && formatIban(read.bankAccount.maskedIban)],
          [m.savings_bank(), read.bankAccount?.bankName],
          [m.savings_holder(), read.bankAccount?.holder],
          [m.savings_signed(), read.signedOn && <DateText date={read.signedOn} />],
          [m.savings_last_used(), read.lastUsedOn && <DateText date={read.lastUsedOn} />],
          [m.savings_mandate_ends(), read.endsOn && <DateText date={read.endsOn} />],
        ]}
      />
      <p>
        <a href={bankAccountPath(contract)}>{m.bank_accounts_change()}</a>
      </p>
    </div>
  );
}
