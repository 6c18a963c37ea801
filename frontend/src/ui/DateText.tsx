/** A civil date, "21. November 2026", or "21.11.2026" where a table has no room. */
import type { JSX } from "preact";
import { formatDate, formatShortDate } from "../lib/format";

interface DateTextProps {
  readonly date: string;
  readonly isShort?: boolean;
}

export function DateText({ date, isShort = false }: DateTextProps): JSX.Element {
  return <time dateTime={date}>{isShort ? formatShortDate(date) : formatDate(date)}</time>;
}
