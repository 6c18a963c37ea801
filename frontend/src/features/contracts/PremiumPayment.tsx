/** Where the premium comes from, and the mandate behind it. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { formatIban } from "../../lib/format";
import { bankAccountPath } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { DataList } from "../../ui/DataList";
import { DateText } from "../../ui/DateText";
import { Section } from "../../ui/Section";

export const PremiumPaymentFragment = graphql(`
  fragment PremiumPayment on InsuranceContract {
    id
    premiumBankAccount {
      maskedIban
      bankName
      holder
    }
    directDebit {
      mandateReference
      creditorIdentifier
      signedOn
      lastUsedOn
      endsOn
    }
  }
`);

export function PremiumPayment({
  contract,
}: {
  readonly contract: FragmentOf<typeof PremiumPaymentFragment>;
}): JSX.Element | null {
  const {
    id,
    premiumBankAccount: account,
    directDebit,
  } = readFragment(PremiumPaymentFragment, contract);
  if (!account && !directDebit) return null;
  return (
    <Section title={m.contracts_payment_title()}>
      <DataList
        items={[
          [m.contracts_payment_account(), account && formatIban(account.maskedIban)],
          [m.contracts_payment_bank(), account?.bankName],
          [m.contracts_payment_holder(), account?.holder],
          [m.contracts_mandate(), directDebit?.mandateReference],
          [m.contracts_creditor(), directDebit?.creditorIdentifier],
          [
            m.contracts_mandate_signed(),
            directDebit?.signedOn && <DateText date={directDebit.signedOn} />,
          ],
          [
            m.contracts_mandate_used(),
            directDebit?.lastUsedOn && <DateText date={directDebit.lastUsedOn} />,
          ],
          [
            m.contracts_mandate_ends(),
            directDebit?.endsOn && <DateText date={directDebit.endsOn} />,
          ],
        ]}
      />
      <p>
        <a href={bankAccountPath(id)}>{m.bank_accounts_change()}</a>
      </p>
    </Section>
  );
}
