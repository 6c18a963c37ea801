/** Exactly what will be sent, and the button that sends it (F58 F59 F60, M5). */
import type { JSX } from "preact";
import type { ClaimDesk } from "../../graphql/claimFacts";
import { claimKindName } from "../../lib/claimWords";
import { claimDraftPath } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { DataList } from "../../ui/DataList";
import { Message } from "../../ui/Message";
import { Section } from "../../ui/Section";
import { SendingMessage } from "../../ui/SendingMessage";
import { chosenName } from "./chosenName";
import { DiscardDraft } from "./DiscardDraft";
import { InvoiceFacts } from "./InvoiceFacts";
import type { OpenDraft } from "./openDraft";
import { PdfPreview } from "./PdfPreview";
import { type SendingState, useSending } from "./useSending";

interface ReviewStepProps {
  readonly open: OpenDraft;
  readonly desk: ClaimDesk;
  readonly onDiscard: () => void;
}

export function ReviewStep({ open, desk, onDiscard }: ReviewStepProps): JSX.Element {
  const { drafts, draft } = open;
  const { state, send } = useSending(open, desk);
  const pages = draft.pages.length;
  const hindrance = hindranceText(state);
  const isXml = draft.chosen?.format === "E_INVOICE";
  const isSending = state.kind === "sending";
  return (
    <div class="sections">
      {draft.problem && !isSending && !hindrance && <SendingMessage problem={draft.problem} />}
      {hindrance && (
        <Message kind="danger" isAlert title={m.claims_pdf_not_ready()}>
          <p>{hindrance}</p>
        </Message>
      )}
      <DataList
        items={[
          [m.claims_kind(), draft.kind && claimKindName(draft.kind)],
          [
            m.claims_contract(),
            draft.contract && `${draft.contract.productName}, ${draft.contract.number}`,
          ],
          pages > 0 ? [m.claims_pages(), String(pages)] : [m.claims_file(), chosenName(draft)],
          [m.claims_title_own(), draft.title],
        ]}
      />
      {draft.chosen?.invoice && (
        <Section title={m.claims_invoice()}>
          <InvoiceFacts invoice={draft.chosen.invoice} />
        </Section>
      )}
      <Section title={isXml ? m.claims_saved_file() : m.claims_saved_pdf()}>
        <p>{pages > 0 ? m.claims_saved_pdf_text() : m.claims_saved_file_text()}</p>
        <PdfPreview drafts={drafts} draft={draft} />
      </Section>
      <div class="stack">
        <p class="small muted">{m.claims_sealed_text()}</p>
        {isSending && (
          <p role="status">
            {m.claims_being_sent({ part: String(state.part), parts: String(state.parts) })}
          </p>
        )}
        <div class="buttons">
          {!hindrance && (
            <Button isBusy={isSending || state.kind === "preparing"} onClick={() => void send()}>
              {m.claims_send()}
            </Button>
          )}
          {!isSending && !draft.sending && !draft.invoices && (
            <Button kind="secondary" href={claimDraftPath(draft.id, "sammeln")}>
              {m.parked_later()}
            </Button>
          )}
          {!isSending && <DiscardDraft draft={draft} onDiscard={onDiscard} />}
        </div>
      </div>
    </div>
  );
}

function hindranceText({ kind }: SendingState): string | null {
  switch (kind) {
    case "notTaken":
      return m.claims_pdf_not_taken();
    case "otherWay":
      return m.claims_pdf_other_way();
    case "tooLarge":
      return m.claims_pdf_too_large();
    case "full":
      return m.claims_file_full();
    case "notMade":
      return m.claims_pdf_not_made();
    default:
      return null;
  }
}
