/** An amount in tabular figures with a proper minus. */
import type { JSX } from "preact";
import { formatMoney } from "../lib/format";

interface MoneyProps {
  readonly amount: string;
  readonly currency: string;
  /** Show the plus sign too, e.g. in a list of transactions. */
  readonly isSigned?: boolean;
}

export function Money({ amount, currency, isSigned = false }: MoneyProps): JSX.Element {
  return <span class="amount">{formatMoney(amount, currency, isSigned)}</span>;
}
