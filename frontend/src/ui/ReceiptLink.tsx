/** The receipt of what was just submitted, to take along at once (X8). */
import { readFragment } from "gql.tada";
import type { JSX } from "preact";
import { type IssuedReceipt, ReceiptFragment } from "../graphql/receipts";
import { m } from "../paraglide/messages.js";

export function ReceiptLink({ receipt }: { readonly receipt: IssuedReceipt }): JSX.Element {
  const { position, downloadUrl } = readFragment(ReceiptFragment, receipt);
  return (
    <p>
      {m.receipts_after()}{" "}
      <a href={downloadUrl} download="">
        {m.receipts_after_download({ position: String(position) })}
      </a>
    </p>
  );
}
