/** What a press came to, in words; what was pressed may be gone, so the words take the focus. */
import type { JSX } from "preact";
import { Message } from "./Message";

export interface Outcome {
  readonly kind: "success" | "warning" | "danger";
  readonly text: string;
}

export function OutcomeMessage({
  outcome,
}: {
  readonly outcome: Outcome | null;
}): JSX.Element | null {
  return (
    outcome && (
      <Message key={outcome.text} kind={outcome.kind} takesFocus>
        <p>{outcome.text}</p>
      </Message>
    )
  );
}
