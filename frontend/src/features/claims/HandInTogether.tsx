/** The files that parked invoices become, as they will be sent, and the button (X10). */
import type { JSX } from "preact";
import type { ClaimDesk } from "../../graphql/claimFacts";
import { claimKindName } from "../../lib/claimWords";
import { type ParkedInvoice, totalOf } from "../../lib/parkedInvoices";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { DataList } from "../../ui/DataList";
import { Message } from "../../ui/Message";
import { Money } from "../../ui/Money";
import { Section } from "../../ui/Section";
import { chosenName } from "./chosenName";
import type { Prepared } from "./handInLimits";
import { InvoiceFacts } from "./InvoiceFacts";
import { PdfPreview } from "./PdfPreview";
import { type HandInState, useHandIn } from "./useHandIn";

interface HandInTogetherProps {
  readonly desk: ClaimDesk;
  /** Of one kind, on one contract. */
  readonly invoices: readonly ParkedInvoice[];
}

export function HandInTogether({ desk, invoices }: HandInTogetherProps): JSX.Element {
  const { state, prepared, send } = useHandIn(desk, invoices);
  const total = totalOf(invoices);
  const [first] = invoices;
  const hindrance = hindranceText(state);
  const isSending = state.kind === "sending";
  return (
    <div class="sections">
      {hindrance && (
        <Message kind="danger" isAlert title={m.claims_pdf_not_ready()}>
          <p>{hindrance}</p>
        </Message>
      )}
      <DataList
        items={[
          [m.claims_kind(), first && claimKindName(first.kind)],
          [m.claims_contract(), first && `${first.contract.productName}, ${first.contract.number}`],
          [m.parked_review_invoices(), named(invoices)],
          [
            m.parked_review_sum(),
            total.withoutAmount < total.count && <Money amount={total.amount} currency="EUR" />,
          ],
        ]}
      />
      {prepared.length > 1 && <p>{m.parked_review_splits({ count: String(prepared.length) })}</p>}
      {prepared.map((one) => (
        <PreparedFile key={one.draft.id} desk={desk} prepared={one} invoices={invoices} />
      ))}
      <div class="stack">
        <p class="small muted">{m.claims_sealed_text()}</p>
        {isSending && (
          <p role="status">
            {m.parked_being_sent({
              number: String(state.number),
              count: String(prepared.length),
              part: String(state.part),
              parts: String(state.parts),
            })}
          </p>
        )}
        {!hindrance && (
          <div>
            <Button isBusy={isSending || state.kind === "preparing"} onClick={() => void send()}>
              {m.claims_send()}
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}

interface PreparedFileProps extends HandInTogetherProps {
  readonly prepared: Prepared;
}

function PreparedFile({ desk, prepared, invoices }: PreparedFileProps): JSX.Element {
  const { draft } = prepared;
  const pages = draft.pages.length;
  if (pages > 0) {
    const title =
      pages === 1 ? m.parked_review_pdf_one() : m.parked_review_pdf_other({ count: String(pages) });
    return (
      <Section title={title}>
        <p>{m.parked_review_pdf_text()}</p>
        <PdfPreview drafts={desk.drafts} draft={draft} />
      </Section>
    );
  }
  // Its file lies with the invoice until it is begun.
  const invoice = invoices.find(({ id }) => draft.invoices?.includes(id)) ?? draft;
  return (
    <Section title={draft.title || chosenName(draft)}>
      <p>{m.parked_review_file_text()}</p>
      {draft.chosen?.invoice && <InvoiceFacts invoice={draft.chosen.invoice} />}
      <PdfPreview drafts={desk.drafts} draft={invoice} />
    </Section>
  );
}

function named(invoices: readonly ParkedInvoice[]): string {
  const count = String(invoices.length);
  const titles = invoices.map(({ title }) => title).filter(Boolean);
  return titles.length > 0 ? m.parked_review_named({ count, titles: titles.join(", ") }) : count;
}

function hindranceText({ kind }: HandInState): string | null {
  switch (kind) {
    case "notTaken":
      return m.parked_not_taken();
    case "otherWay":
      return m.parked_review_other_way();
    case "tooLarge":
      return m.parked_review_too_large();
    case "notMade":
      return m.parked_review_not_made();
    case "full":
      return m.claims_file_full();
    case "gone":
      return m.parked_review_gone_text();
    default:
      return null;
  }
}
