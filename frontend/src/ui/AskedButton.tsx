/** A button that does something only after one question, and says there what went wrong. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { m } from "../paraglide/messages.js";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { Message } from "./Message";

interface AskedButtonProps {
  readonly label: string;
  readonly kind?: "primary" | "secondary";
  readonly title: string;
  readonly text: string;
  /** What the answers say; by default "no" cancels. */
  readonly yes: string;
  readonly no?: string;
  readonly onAsk?: () => void;
  /** Does it; returns why it could not be done, or null. */
  readonly onYes: () => Promise<string | null>;
}

export function AskedButton({
  label,
  kind = "secondary",
  title,
  text,
  yes,
  no = m.common_cancel(),
  onAsk,
  onYes,
}: AskedButtonProps): JSX.Element {
  const [isAsking, setAsking] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const ask = () => {
    onAsk?.();
    setProblem(null);
    setAsking(true);
  };
  const answer = async () => {
    setBusy(true);
    const found = await onYes();
    setBusy(false);
    setProblem(found);
    if (found === null) setAsking(false);
  };
  return (
    <>
      <Button kind={kind} onClick={ask}>
        {label}
      </Button>
      {isAsking && (
        <Dialog title={title} onClose={() => setAsking(false)}>
          <p>{text}</p>
          {problem && (
            <Message kind="danger" isAlert>
              <p>{problem}</p>
            </Message>
          )}
          <div class="buttons">
            <Button isBusy={isBusy} onClick={() => void answer()}>
              {yes}
            </Button>
            <Button kind="secondary" onClick={() => setAsking(false)}>
              {no}
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
}
