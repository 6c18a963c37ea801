/** The code and its address; while it is good, the page asks whether it was used. */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { formatTime } from "../../lib/format";
import { m } from "../../paraglide/messages.js";
import { QrCode } from "../../ui/QrCode";

const EVERY_MS = 2_000;
/** Asking keeps the session alive: no longer than the code is good. */
const AT_MOST = 300;

interface HandoverCodeProps {
  readonly link: string;
  readonly expiresAt: string;
  readonly onPoll: () => void;
}

export function HandoverCode({ link, expiresAt, onPoll }: HandoverCodeProps): JSX.Element {
  const poll = useRef(onPoll);
  poll.current = onPoll;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new link is a new wait
  useEffect(() => {
    let left = AT_MOST;
    const timer = setInterval(() => {
      left -= 1;
      if (left <= 0) clearInterval(timer);
      poll.current();
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, [link]);
  return (
    <div class="stack">
      <QrCode text={link} label={m.devices_code_label()} />
      <p>{m.devices_code_until({ time: formatTime(expiresAt) })}</p>
      <p class="muted small">
        {m.devices_code_link()} <a href={link}>{link}</a>
      </p>
    </div>
  );
}
