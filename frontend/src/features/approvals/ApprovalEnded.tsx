/** This approval can't be given any more: says why; what was typed in the form behind is still there. */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Message } from "../../ui/Message";

interface ApprovalEndedProps {
  readonly message: string;
  readonly onClose: () => void;
}

export function ApprovalEnded({ message, onClose }: ApprovalEndedProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.querySelector("button")?.focus(), []);
  return (
    <div ref={box} class="stack">
      <Message kind="warning" title={m.approvals_ended()} isAlert>
        <p>{message}</p>
      </Message>
      <div>
        <Button onClick={onClose}>{m.common_close()}</Button>
      </div>
    </div>
  );
}
