/** Giving a claim up: nobody else has these pages, so it is asked once more. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";

export function DiscardDraft({ onDiscard }: { readonly onDiscard: () => void }): JSX.Element {
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <Button kind="secondary" onClick={() => setAsking(true)}>
        {m.claims_discard()}
      </Button>
      {isAsking && (
        <Dialog title={m.claims_discard_title()} onClose={() => setAsking(false)}>
          <p>{m.claims_discard_text()}</p>
          <div class="buttons">
            <Button onClick={onDiscard}>{m.claims_discard_yes()}</Button>
            <Button kind="secondary" onClick={() => setAsking(false)}>
              {m.claims_discard_no()}
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
}
