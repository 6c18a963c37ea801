/** Counts of parked invoices and their pages, in words. */
import type { ParkedTotal } from "../../lib/parkedInvoices";
import { m } from "../../paraglide/messages.js";

export function invoiceCount(count: number): string {
  return count === 1 ? m.parked_count_one() : m.parked_count_other({ count: String(count) });
}

export function pageCount(count: number): string {
  return count === 1 ? m.parked_pages_one() : m.parked_pages_other({ count: String(count) });
}

/** null: the sum is whole. */
export function withoutAmount({ withoutAmount: count }: ParkedTotal): string | null {
  if (count === 0) return null;
  return count === 1
    ? m.parked_without_amount_one()
    : m.parked_without_amount_other({ count: String(count) });
}
