/** Amounts as people type them. */
import { getLocale } from "../paraglide/runtime.js";

const german = /^(-?)(\d+|\d{1,3}(?:\.\d{3})+)(?:,(\d{1,2}))?$/;
const english = /^(-?)(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d{1,2}))?$/;

/**
 * "1.234,56", "1234,5", "1,234.56", "−20" and "20 €" as a decimal text ("1234.56"); null if it is none.
 * Three digits behind a single separator are thousands: "1.000" is one thousand.
 */
export function parseAmount(text: string): string | null {
  const typed = text.replaceAll(/[\s€]/g, "").replace("−", "-");
  const found = german.exec(typed) ?? english.exec(typed);
  if (!found) return null;
  const [, sign = "", whole = "", cents] = found;
  return `${sign}${whole.replaceAll(/[.,]/g, "")}${cents ? `.${cents}` : ""}`;
}

/** A decimal text ("1234.50") as people of this language type it: "1234,50". */
export function typedAmount(amount: string): string {
  return getLocale() === "de" ? amount.replace(".", ",") : amount;
}
