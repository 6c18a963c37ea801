/** Giving a claim up: nobody else has these pages, so it is asked once more. */
import type { JSX } from "preact";
import { type ClaimDraft, isSealed } from "../../lib/claimDraft";
import { m } from "../../paraglide/messages.js";
import { AskedButton } from "../../ui/AskedButton";

interface DiscardDraftProps {
  readonly draft: ClaimDraft;
  readonly onDiscard: () => void;
}

export function DiscardDraft({ draft, onDiscard }: DiscardDraftProps): JSX.Element {
  const answer = async () => {
    onDiscard();
    return null;
  };
  return <AskedButton {...wordsOf(draft)} no={m.claims_discard_no()} onYes={answer} />;
}

function wordsOf(draft: ClaimDraft): {
  readonly label: string;
  readonly title: string;
  readonly text: string;
  readonly yes: string;
} {
  if (draft.invoices && !isSealed(draft)) {
    return {
      label: m.parked_take_apart(),
      title: m.parked_take_apart_title(),
      text: m.parked_take_apart_text(),
      yes: m.parked_take_apart_yes(),
    };
  }
  return {
    label: m.claims_discard(),
    title: m.claims_discard_title(),
    text: draft.invoices ? m.parked_discard_text() : m.claims_discard_text(),
    yes: m.claims_discard_yes(),
  };
}
