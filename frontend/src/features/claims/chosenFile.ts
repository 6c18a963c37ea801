/** A PDF or an e-invoice that is handed in as it came, where the institution takes one (F57 X9). */
import type { ChosenFile } from "../../lib/claimDraft";
import { invoiceWithin, LARGEST_INVOICE, readInvoice } from "../../lib/eInvoice";
import { examine, type FileProblem, UnusableFile } from "./imageFile";

interface Accepted {
  readonly acceptsPdf: boolean;
  readonly acceptsInvoices: boolean;
  readonly largestBytes: number;
}

/** Where the worker that opens the file looks for where its table stands. */
const PDF_END_BYTES = 1_054;

interface Chosen {
  readonly content: ArrayBuffer;
  readonly chosen: ChosenFile;
}

/** null: it has to become a page. Throws `UnusableFile`. */
export async function chosenFile(file: File, accepted: Accepted): Promise<Chosen | null> {
  const kind = await examine(file);
  if (kind === "pdf" && accepted.acceptsPdf) {
    if (file.size > accepted.largestBytes) throw new UnusableFile("fileTooLarge");
    const content = await file.arrayBuffer();
    const invoice = await invoiceOf(content);
    if (invoice && !accepted.acceptsInvoices) throw new UnusableFile("noInvoice");
    return { content, chosen: { format: "PDF", invoice } };
  }
  if (kind === "xml" && accepted.acceptsInvoices) {
    if (file.size > LARGEST_INVOICE) throw new UnusableFile("fileTooLarge");
    const content = await file.arrayBuffer();
    const invoice = readInvoice(new Uint8Array(content));
    if (!invoice) throw new UnusableFile("unknownXml");
    return { content, chosen: { format: "E_INVOICE", invoice } };
  }
  return null;
}

/** The invoice that a PDF carries. Throws `UnusableFile` for a PDF that nobody could open. */
async function invoiceOf(content: ArrayBuffer): Promise<ChosenFile["invoice"]> {
  const end = new Uint8Array(content.slice(-PDF_END_BYTES));
  // PDF.js would guess the rest of a file that was cut off; the worker does not.
  if (!String.fromCharCode(...end).includes("startxref")) throw new UnusableFile("damagedPdf");
  return invoiceWithin(content).catch((error: unknown) => {
    const problem = error instanceof Error ? PDF_PROBLEMS.get(error.name) : undefined;
    if (problem) throw new UnusableFile(problem);
    // PDF.js itself is missing, say without a network: the worker looks into the file anyway.
    return null;
  });
}

/** By the names of errors; all but the last are PDF.js' own. */
const PDF_PROBLEMS: ReadonlyMap<string, FileProblem> = new Map([
  ["InvalidPDFException", "damagedPdf"],
  ["PasswordException", "lockedPdf"],
  ["OtherFiles", "otherFiles"],
]);
