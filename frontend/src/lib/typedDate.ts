/** A date as people type or browsers fill it in: 28.2.1970, 28/02/1970, 28021970 or 1970-02-28. */
import { m } from "../paraglide/messages.js";
import { isCivilDate } from "./civilDate";

/** The civil date ("1970-02-28"); null if there is no such day. */
export function typedDate(text: string): string | null {
  const typed = text.trim();
  const dayFirst =
    /^(\d{1,2})[\s./-]+(\d{1,2})[\s./-]+(\d{4})$/.exec(typed) ??
    /^(\d\d)(\d\d)(\d{4})$/.exec(typed);
  const [year, month, day] = dayFirst
    ? [dayFirst[3], dayFirst[2], dayFirst[1]]
    : (/^(\d{4})-(\d\d)-(\d\d)$/.exec(typed)?.slice(1) ?? []);
  if (!year || !month || !day) return null;
  const date = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  return isCivilDate(date) && isRealDay(date) ? date : null;
}

/** What is wrong with a typed date of birth; null: nothing. */
export function birthDateProblem(text: string): string | null {
  if (!text.trim()) return m.registration_birth_date_needed();
  return typedDate(text) ? null : m.registration_birth_date_wrong();
}

/** `Date.parse` takes 31 February for 3 March. */
function isRealDay(date: string): boolean {
  return new Date(`${date}T00:00:00Z`).toISOString().startsWith(date);
}
