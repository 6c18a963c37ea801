/** What a file that was chosen as a whole is called. */
import type { ClaimDraft } from "../../lib/claimDraft";
import { m } from "../../paraglide/messages.js";

export function chosenName({ chosen }: ClaimDraft): string {
  if (chosen?.format === "E_INVOICE") return m.claims_invoice_chosen();
  return chosen?.invoice ? m.claims_invoice_pdf_chosen() : m.claims_pdf_chosen();
}
