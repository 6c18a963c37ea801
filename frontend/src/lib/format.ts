/** Money and dates the way people here write them. */
import { getLocale } from "../paraglide/runtime.js";

type Formatter = Intl.NumberFormat | Intl.DateTimeFormat | Intl.ListFormat;

const formatters = new Map<string, Formatter>();

function cached<F extends Formatter>(key: string, make: () => F): F {
  const known = formatters.get(key);
  if (known) return known as F;
  const made = make();
  formatters.set(key, made);
  return made;
}

/** "1.234,56 €" / "€1,234.56", with a real minus sign; `signed` also shows the plus. */
export function formatMoney(amount: string, currency: string, signed = false): string {
  const locale = getLocale();
  const format = cached(
    `money ${locale} ${currency} ${signed}`,
    () =>
      new Intl.NumberFormat(locale === "de" ? "de-DE" : "en-GB", {
        style: "currency",
        currency,
        signDisplay: signed ? "exceptZero" : "negative",
      }),
  );
  return format.format(amount as Intl.StringNumericLiteral).replace("-", "−");
}

/** "2,25 %" for a rate given in per cent. */
export function formatPercent(percent: string): string {
  const locale = getLocale();
  const format = cached(
    `percent ${locale}`,
    () =>
      new Intl.NumberFormat(locale === "de" ? "de-DE" : "en-GB", {
        minimumFractionDigits: 2,
        maximumFractionDigits: 3,
      }),
  );
  return `${format.format(percent as Intl.StringNumericLiteral).replace("-", "−")}\u00a0%`;
}

/** "12.000" for whole numbers such as kilometres. */
export function formatCount(count: number): string {
  const locale = getLocale();
  return cached(
    `count ${locale}`,
    () => new Intl.NumberFormat(locale === "de" ? "de-DE" : "en-GB"),
  ).format(count);
}

/** "Fotos, PDF oder E-Rechnung" / "photos, a PDF or an e-invoice". */
export function formatChoice(ways: readonly string[]): string {
  const locale = getLocale();
  return cached(
    `choice ${locale}`,
    () => new Intl.ListFormat(locale === "de" ? "de-DE" : "en-GB", { type: "disjunction" }),
  ).format(ways);
}

/** "21. November 2026" / "21 November 2026" for a civil date, or for the day of an instant in Berlin. */
export function formatDate(date: string): string {
  return formatDay(date, "long");
}

/** "21.11.2026" / "21/11/2026" where a table has no room. */
export function formatShortDate(date: string): string {
  return formatDay(date, "short");
}

function formatDay(date: string, length: "long" | "short"): string {
  const isInstant = date.includes("T");
  const format = dateFormat(length, isInstant ? "Europe/Berlin" : "UTC");
  return format.format(new Date(isInstant ? date : `${date}T00:00:00Z`));
}

function dateFormat(length: "long" | "short", timeZone: string): Intl.DateTimeFormat {
  const locale = getLocale();
  return cached(
    `date ${locale} ${length} ${timeZone}`,
    () =>
      new Intl.DateTimeFormat(locale === "de" ? "de-DE" : "en-GB", {
        day: length === "long" ? "numeric" : "2-digit",
        month: length === "long" ? "long" : "2-digit",
        year: "numeric",
        timeZone,
      }),
  );
}

/** "21. November 2026 um 14:05" in Berlin, for an instant such as "2026-11-21T13:05:00Z". */
export function formatDateTime(instant: string): string {
  const locale = getLocale();
  return cached(
    `instant ${locale}`,
    () =>
      new Intl.DateTimeFormat(locale === "de" ? "de-DE" : "en-GB", {
        dateStyle: "long",
        timeStyle: "short",
        timeZone: "Europe/Berlin",
      }),
  ).format(new Date(instant));
}

/** "DE43 9999 9999 0001 0000 01"; a masked one keeps its dots. */
export function formatIban(iban: string): string {
  return iban.replaceAll(/\s/g, "").replaceAll(/(.{4})(?=.)/g, "$1\u00a0");
}

/** A contract's number as people read it: accounts are numbered by their IBAN. */
export function formatContractNumber(number: string): string {
  return /^[A-Z]{2}\d{2}[A-Z\d]{11,}$/.test(number) ? formatIban(number) : number;
}

/** "14:05" in Berlin. */
export function formatTime(instant: string): string {
  return cached(
    "time",
    () => new Intl.DateTimeFormat("de-DE", { timeStyle: "short", timeZone: "Europe/Berlin" }),
  ).format(new Date(instant));
}

/** "1.200 €" for the axis of a plot. */
export function formatRoundMoney(amount: number, currency: string): string {
  const locale = getLocale();
  return cached(
    `round ${locale} ${currency}`,
    () =>
      new Intl.NumberFormat(locale === "de" ? "de-DE" : "en-GB", {
        style: "currency",
        currency,
        maximumFractionDigits: 0,
      }),
  )
    .format(amount)
    .replace("-", "−");
}

/** "312 kB", "1,4 MB". */
export function formatBytes(bytes: number): string {
  const locale = getLocale();
  const isLarge = bytes >= 1_000_000;
  const format = cached(
    `bytes ${locale} ${isLarge}`,
    () =>
      new Intl.NumberFormat(locale === "de" ? "de-DE" : "en-GB", {
        style: "unit",
        unit: isLarge ? "megabyte" : "kilobyte",
        maximumFractionDigits: isLarge ? 1 : 0,
      }),
  );
  return format.format(Math.max(1, bytes / (isLarge ? 1_000_000 : 1_000)));
}
