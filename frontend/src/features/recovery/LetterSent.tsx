/** The letter takes days: what happens meanwhile, and how it goes on then. */
import type { JSX } from "preact";
import { formatDate } from "../../lib/format";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Message } from "../../ui/Message";
import type { SentLetter } from "./openRecovery";

export function LetterSent({ letter }: { readonly letter: SentLetter }): JSX.Element {
  const date = formatDate(letter.requestedAt);
  const until = formatDate(letter.expiresAt);
  return (
    <>
      <Message kind="success">
        <p>{m.recovery_letter_sent({ date, until })}</p>
      </Message>
      <p>{m.recovery_letter_next()}</p>
      <p class="muted">{m.recovery_letter_told()}</p>
      <div>
        <Button kind="secondary" href={paths.signIn}>
          {m.recovery_to_sign_in()}
        </Button>
      </div>
    </>
  );
}
