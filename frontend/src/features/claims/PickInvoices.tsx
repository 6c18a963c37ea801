/** The parked invoices of one kind on one contract: tick several, hand them in together (X10). */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import type { ClaimDesk } from "../../graphql/claimFacts";
import type { DraftContract } from "../../lib/claimDraft";
import { placeFor } from "../../lib/claimFacts";
import { claimKindName } from "../../lib/claimWords";
import { formatMoney } from "../../lib/format";
import { useFormProblems } from "../../lib/formProblems";
import { type ParkedKind, totalOf } from "../../lib/parkedInvoices";
import { handInTogetherPath } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Form } from "../../ui/Form";
import { Message } from "../../ui/Message";
import { Rows } from "../../ui/Rows";
import { wrongChoice } from "./handInLimits";
import { ParkedRow } from "./ParkedRow";
import { invoiceCount } from "./parkedWords";

interface PickInvoicesProps {
  readonly desk: ClaimDesk;
  readonly contract: DraftContract;
  readonly parked: ParkedKind;
}

export function PickInvoices({ desk, contract, parked }: PickInvoicesProps): JSX.Element {
  const { kind, invoices } = parked;
  const { route } = useLocation();
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const problems = useFormProblems();
  const place = placeFor(desk.facts, kind, contract);
  const chosen = invoices.filter(({ id }) => picked.has(id));
  const total = totalOf(chosen);
  const submit = () => {
    const message = place && wrongChoice(chosen, place);
    problems.refuse(message ? [{ field: boxId(invoices[0]?.id ?? ""), message }] : []);
    if (!message) route(handInTogetherPath(chosen.map(({ id }) => id)));
  };
  const pick = (id: string, isPicked: boolean) => {
    const others = [...picked].filter((one) => one !== id);
    setPicked(new Set(isPicked ? [...others, id] : others));
  };
  return (
    <Form errors={problems.summary} isBusy={false} onSubmit={submit}>
      <h3>{claimKindName(kind)}</h3>
      <Rows label={m.parked_pick()}>
        {invoices.map((invoice) => (
          <ParkedRow
            key={invoice.id}
            boxId={boxId(invoice.id)}
            invoice={invoice}
            isPicked={picked.has(invoice.id)}
            onPick={(isPicked) => pick(invoice.id, isPicked)}
          />
        ))}
      </Rows>
      {place ? (
        <>
          <p role="status" class="muted small">
            {chosen.length > 0 &&
              m.parked_picked({
                count: invoiceCount(total.count),
                amount: formatMoney(total.amount, "EUR"),
              })}
          </p>
          <div class="buttons">
            <Button type="submit">{m.parked_go_on()}</Button>
            {invoices.length > chosen.length && (
              <Button
                kind="secondary"
                onClick={() => setPicked(new Set(invoices.map(({ id }) => id)))}
              >
                {m.parked_pick_all()}
              </Button>
            )}
          </div>
        </>
      ) : (
        <Message kind="warning">
          <p>{m.parked_not_taken()}</p>
        </Message>
      )}
    </Form>
  );
}

function boxId(id: string): string {
  return `invoice-${id}`;
}
