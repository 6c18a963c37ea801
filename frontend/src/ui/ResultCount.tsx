/** "3 Treffer", announced when it changes. */
import type { JSX } from "preact";
import { m } from "../paraglide/messages.js";

interface ResultCountProps {
  readonly count: number;
  /** Own wording, e.g. "3 Briefe". */
  readonly text?: string;
}

export function ResultCount({ count, text }: ResultCountProps): JSX.Element {
  const shown = String(count);
  const plain =
    count === 1 ? m.common_count_one({ count: shown }) : m.common_count_other({ count: shown });
  return (
    <p class="muted small" role="status">
      {text ?? plain}
    </p>
  );
}
