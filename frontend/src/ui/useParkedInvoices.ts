/** The invoices that wait on this device to be handed in together, oldest first, kept up to date (X10). */
import { type ParkedInvoice, parkedIn } from "../lib/parkedInvoices";
import { useUnsentClaims } from "./useUnsentClaims";

/** null until they are read. */
export function useParkedInvoices(account: string): readonly ParkedInvoice[] | null {
  const drafts = useUnsentClaims(account);
  return drafts && parkedIn(drafts);
}
