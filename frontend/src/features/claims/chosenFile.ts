/** A PDF or an e-invoice that is handed in as it came, where the institution takes one (F57 X9). */
import type { ChosenFile } from "../../lib/claimDraft";
import { invoiceWithin, readInvoice } from "../../lib/eInvoice";
import { examine, UnusableFile } from "./imageFile";

interface Accepted {
  readonly acceptsPdf: boolean;
  readonly acceptsInvoices: boolean;
}

interface Chosen {
  readonly content: ArrayBuffer;
  readonly chosen: ChosenFile;
}

/** null: it has to become a page. Throws `UnusableFile`. */
export async function chosenFile(file: File, accepted: Accepted): Promise<Chosen | null> {
  const kind = await examine(file);
  if (kind === "pdf" && accepted.acceptsPdf) {
    const content = await file.arrayBuffer();
    // Whether it is damaged is found out by those who open it.
    const invoice = await invoiceWithin(content).catch(() => null);
    if (invoice && !accepted.acceptsInvoices) throw new UnusableFile("noInvoice");
    return { content, chosen: { format: "PDF", invoice } };
  }
  if (kind === "xml" && accepted.acceptsInvoices) {
    const content = await file.arrayBuffer();
    const invoice = readInvoice(new Uint8Array(content));
    if (!invoice) throw new UnusableFile("unknownXml");
    return { content, chosen: { format: "E_INVOICE", invoice } };
  }
  return null;
}
