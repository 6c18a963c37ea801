/** What is parked for one contract: the sum, the customer's own limit, and a list for each kind (X10). */
import type { JSX } from "preact";
import type { ClaimDesk } from "../../graphql/claimFacts";
import { formatMoney } from "../../lib/format";
import { missingTo, type ParkedContract } from "../../lib/parkedInvoices";
import { m } from "../../paraglide/messages.js";
import { DataList } from "../../ui/DataList";
import { Money } from "../../ui/Money";
import { Section } from "../../ui/Section";
import { PickInvoices } from "./PickInvoices";
import { invoiceCount, withoutAmount } from "./parkedWords";
import { ThresholdForm } from "./ThresholdForm";
import { useThreshold } from "./useThreshold";

interface ParkedOnContractProps {
  readonly desk: ClaimDesk;
  readonly parked: ParkedContract;
}

export function ParkedOnContract({ desk, parked }: ParkedOnContractProps): JSX.Element {
  const { contract, kinds, total } = parked;
  const [threshold, changeThreshold] = useThreshold(desk.account, contract.id);
  const missing = threshold && missingTo(total, threshold);
  return (
    <Section title={`${contract.productName}, ${contract.number}`}>
      <DataList
        items={[
          [
            m.parked_sum(),
            <>
              <strong>
                <Money amount={total.amount} currency="EUR" />
              </strong>
              {` · ${[invoiceCount(total.count), withoutAmount(total)].filter(Boolean).join(", ")}`}
            </>,
          ],
          [
            m.parked_threshold(),
            threshold && (
              <>
                <Money amount={threshold} currency="EUR" />
                {" · "}
                {missing ? (
                  m.parked_threshold_missing({ amount: formatMoney(missing, "EUR") })
                ) : (
                  <strong>{m.parked_threshold_reached()}</strong>
                )}
              </>
            ),
          ],
        ]}
      />
      <ThresholdForm
        contract={contract.productName}
        threshold={threshold}
        onChange={changeThreshold}
      />
      {kinds.map((one) => (
        <PickInvoices key={one.kind} desk={desk} contract={contract} parked={one} />
      ))}
    </Section>
  );
}
