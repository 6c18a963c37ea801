/** Giving a claim up: nobody else has these pages, so it is asked once more. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { type ClaimDraft, isSealed } from "../../lib/claimDraft";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";

interface DiscardDraftProps {
  readonly draft: ClaimDraft;
  readonly onDiscard: () => void;
}

export function DiscardDraft({ draft, onDiscard }: DiscardDraftProps): JSX.Element {
  const [isAsking, setAsking] = useState(false);
  const words = wordsOf(draft);
  return (
    <>
      <Button kind="secondary" onClick={() => setAsking(true)}>
        {words.action}
      </Button>
      {isAsking && (
        <Dialog title={words.title} onClose={() => setAsking(false)}>
          <p>{words.text}</p>
          <div class="buttons">
            <Button onClick={onDiscard}>{words.yes}</Button>
            <Button kind="secondary" onClick={() => setAsking(false)}>
              {m.claims_discard_no()}
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
}

function wordsOf(draft: ClaimDraft): {
  readonly action: string;
  readonly title: string;
  readonly text: string;
  readonly yes: string;
} {
  if (draft.invoices && !isSealed(draft)) {
    return {
      action: m.parked_take_apart(),
      title: m.parked_take_apart_title(),
      text: m.parked_take_apart_text(),
      yes: m.parked_take_apart_yes(),
    };
  }
  return {
    action: m.claims_discard(),
    title: m.claims_discard_title(),
    text: draft.invoices ? m.parked_discard_text() : m.claims_discard_text(),
    yes: m.claims_discard_yes(),
  };
}
