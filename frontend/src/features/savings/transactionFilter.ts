/** The filter of the transactions: what stands in the URL, what was typed, what the server gets. */

import { parseAmount } from "../../lib/amount";
import { addDays, isCivilDate } from "../../lib/civilDate";
import type { FieldProblem } from "../../lib/fieldErrors";
import { m } from "../../paraglide/messages.js";

/** Keys are the query parameters and the ids of the fields. */
export interface TypedFilter {
  readonly suche: string;
  readonly von: string;
  readonly bis: string;
  readonly ab: string;
  readonly hoechstens: string;
}

export const emptyFilter: TypedFilter = { suche: "", von: "", bis: "", ab: "", hoechstens: "" };

export function filterFromUrl(query: Readonly<Record<string, string>>): TypedFilter {
  const { suche = "", von = "", bis = "", ab = "", hoechstens = "" } = query;
  return { suche, von, bis, ab, hoechstens };
}

export function countActive(filter: TypedFilter): number {
  return Object.values(filter).filter(Boolean).length;
}

/** What is wrong with it, field by field. */
export function filterProblems({ von, bis, ab, hoechstens }: TypedFilter): FieldProblem[] {
  const problems: FieldProblem[] = [];
  for (const [field, date] of Object.entries({ von, bis })) {
    if (date && !isCivilDate(date)) problems.push({ field, message: m.savings_bad_date() });
  }
  if (von && bis && von > bis) problems.push({ field: "von", message: m.savings_bad_period() });
  for (const [field, amount] of Object.entries({ ab, hoechstens })) {
    if (amount && parseAmount(amount) === null) {
      problems.push({ field, message: m.savings_bad_amount() });
    }
  }
  return problems;
}

/** `TransactionFilter` of the schema, null if nothing is set; people mean "bis" inclusively, the server does not. */
export function toServerFilter(filter: TypedFilter) {
  if (countActive(filter) === 0) return null;
  return {
    search: filter.suche || null,
    from: filter.von || null,
    to: filter.bis ? addDays(filter.bis, 1) : null,
    minAmount: filter.ab ? parseAmount(filter.ab) : null,
    maxAmount: filter.hoechstens ? parseAmount(filter.hoechstens) : null,
  };
}

/** The export's address with the same filter. */
export function csvHref(url: string, filter: TypedFilter): string {
  const parameters = Object.entries(toServerFilter(filter) ?? {}).filter(([, value]) => value);
  if (parameters.length === 0) return url;
  return `${url}?${new URLSearchParams(parameters as [string, string][])}`;
}
