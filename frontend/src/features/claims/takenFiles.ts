/** What an institution takes as a file, in words: the same on the button and where a file is refused (F56 F57 X9). */
import { formatChoice } from "../../lib/format";
import { m } from "../../paraglide/messages.js";

export interface TakenFiles {
  readonly acceptsPdf: boolean;
  readonly acceptsInvoices: boolean;
}

/** "Fotos oder PDF auswählen". */
export function chooseText(taken: TakenFiles): string {
  const kinds = [m.claims_choose_photos(), m.claims_choose_pdf(), m.claims_choose_invoice()];
  return m.claims_choose({ kinds: formatChoice(takenOf(kinds, taken)) });
}

/** "…: Fotos (JPEG, PNG, WebP, HEIC), PDF-Dateien oder E-Rechnungen (XML)." */
export function wrongKindText(taken: TakenFiles): string {
  const kinds = [m.claims_taken_photos(), m.claims_taken_pdf(), m.claims_taken_invoices()];
  return m.claims_file_wrong_kind({ kinds: formatChoice(takenOf(kinds, taken)) });
}

function takenOf(kinds: readonly string[], { acceptsPdf, acceptsInvoices }: TakenFiles): string[] {
  const isTaken = [true, acceptsPdf, acceptsInvoices];
  return kinds.filter((_, index) => isTaken[index]);
}
