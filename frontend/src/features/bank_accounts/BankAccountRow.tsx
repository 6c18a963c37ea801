/** One bank account on file: its number, when it holds or held, and what became of it. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { formatDate, formatIban } from "../../lib/format";
import { m } from "../../paraglide/messages.js";
import { Row } from "../../ui/Row";

export const BankAccountRowFragment = graphql(`
  fragment BankAccountRow on BankAccountOnFile {
    id
    maskedIban
    bankName
    holder
    state
    startDate
    endDate
    refusedBecause
  }
`);

interface BankAccountRowProps {
  readonly account: FragmentOf<typeof BankAccountRowFragment>;
  /** In full, while it is shown. */
  readonly iban: string | null;
}

export function BankAccountRow({ account, iban }: BankAccountRowProps): JSX.Element {
  const read = readFragment(BankAccountRowFragment, account);
  const from = formatDate(read.startDate);
  const period = read.endDate
    ? m.bank_accounts_from_to({ from, to: formatDate(read.endDate) })
    : m.bank_accounts_since({ from });
  const state = stateWords(read.state, read.refusedBecause);
  return (
    <Row
      title={iban ?? formatIban(read.maskedIban)}
      detail={[read.holder, read.bankName, state].filter(Boolean).join(" · ")}
      figureDetail={read.state === "REFUSED" ? null : period}
    />
  );
}

function stateWords(state: "CONFIRMED" | "PENDING" | "REFUSED", reason: string | null): string {
  switch (state) {
    case "CONFIRMED":
      return "";
    case "PENDING":
      return m.bank_accounts_pending();
    case "REFUSED":
      return m.bank_accounts_refused({ reason: reason ?? "" });
  }
}
