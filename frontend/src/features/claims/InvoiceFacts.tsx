/** What an e-invoice says of itself, for the customer to compare (X9); nothing of it is sent beside the file. */
import type { JSX } from "preact";
import type { Invoice } from "../../lib/claimDraft";
import { m } from "../../paraglide/messages.js";
import { DataList } from "../../ui/DataList";
import { DateText } from "../../ui/DateText";
import { Money } from "../../ui/Money";

export function InvoiceFacts({ invoice }: { readonly invoice: Invoice }): JSX.Element {
  const { issuer, issuedOn, amount } = invoice;
  return (
    <div class="stack">
      <DataList
        items={[
          [m.claims_invoice_issuer(), issuer],
          [m.claims_invoice_date(), issuedOn && <DateText date={issuedOn} />],
          [m.claims_invoice_amount(), amount && <Money {...amount} />],
        ]}
      />
      <p class="small muted">{m.claims_invoice_read()}</p>
    </div>
  );
}
