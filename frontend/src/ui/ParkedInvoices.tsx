/** Parked invoices as one row: how many, what they add up to, and whether the customer's own limit is reached (X10). */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { byContract, missingTo, type ParkedInvoice, totalOf } from "../lib/parkedInvoices";
import { thresholdOf } from "../lib/parkingThreshold";
import { paths } from "../lib/paths";
import { m } from "../paraglide/messages.js";
import { Money } from "./Money";
import { Row } from "./Row";

interface ParkedInvoicesProps {
  readonly account: string;
  /** At least one. */
  readonly parked: readonly ParkedInvoice[];
}

export function ParkedInvoices({ account, parked }: ParkedInvoicesProps): JSX.Element {
  const isReached = useReached(account, parked);
  const { count, amount, withoutAmount } = totalOf(parked);
  const many = count === 1 ? m.parked_count_one() : m.parked_count_other({ count: String(count) });
  return (
    <Row
      title={m.parked_title()}
      detail={[many, m.parked_row_here()].join(", ")}
      figure={withoutAmount < count && <Money amount={amount} currency="EUR" />}
      figureDetail={isReached && m.parked_row_reached()}
      href={paths.parkedInvoices}
      isMarked={isReached}
    />
  );
}

/** True if what is parked on some contract reaches the limit that was set for it. */
function useReached(account: string, parked: readonly ParkedInvoice[]): boolean {
  const [isReached, setReached] = useState(false);
  const state = parked.map(({ id, parked: { amount } }) => `${id} ${amount}`).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when amounts change
  useEffect(() => {
    let isGone = false;
    const look = byContract(parked).map(async ({ contract, total }) => {
      const threshold = await thresholdOf(account, contract.id);
      return threshold !== null && missingTo(total, threshold) === null;
    });
    void Promise.all(look).then((reached) => {
      if (!isGone) setReached(reached.some(Boolean));
    });
    return () => {
      isGone = true;
    };
  }, [account, state]);
  return isReached;
}
