/** No contract on which this customer may hand in anything: why, and the way out (F52). */
import type { JSX } from "preact";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { EmptyState } from "../../ui/EmptyState";

export function NothingToPick(): JSX.Element {
  return (
    <EmptyState title={m.claims_nothing_to_pick()}>
      <p>{m.claims_nothing_to_pick_insured()}</p>
      <p>{m.claims_nothing_to_pick_text()}</p>
      <p>
        <a href={paths.newMessage}>{m.messages_write()}</a>
      </p>
    </EmptyState>
  );
}
