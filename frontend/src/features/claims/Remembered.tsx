/** No network after a reload: this page works with what the device remembers, and says from when that is. */
import type { JSX } from "preact";
import { formatDateTime } from "../../lib/format";
import { m } from "../../paraglide/messages.js";
import { Message } from "../../ui/Message";

export function Remembered({ toldAt }: { readonly toldAt: string }): JSX.Element {
  return (
    <Message title={m.claims_remembered_title()}>
      <p>{m.claims_remembered_text({ time: formatDateTime(toldAt) })}</p>
    </Message>
  );
}
