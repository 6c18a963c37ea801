/** Wall clock in Berlin: what people type, and the instant it means. */
import { addDays } from "../lib/civilDate";

/** Where the demo world begins: 21 November 2026, 9 o'clock (DEMO.md). */
export const beginning: Wall = { date: "2026-11-21", time: "09:00:00" };

export interface Wall {
  /** "2026-11-21" */
  readonly date: string;
  /** "09:00" or "09:00:00" */
  readonly time: string;
}

const parts = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/Berlin",
  hourCycle: "h23",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

/** What a clock on a wall in Berlin shows. */
export function wallOf(instant: Date): Wall {
  const read = Object.fromEntries(parts.formatToParts(instant).map((p) => [p.type, p.value]));
  return {
    date: `${read.year?.padStart(4, "0")}-${read.month}-${read.day}`,
    time: `${read.hour}:${read.minute}:${read.second}`,
  };
}

/**
 * The instant at which Berlin's clock shows this; null if it is no date and time.
 * An hour that summer time skips is read as the hour after it.
 */
export function instantOf({ date, time }: Wall): string | null {
  const asIfUtc = Date.parse(`${date}T${time.length === 5 ? `${time}:00` : time}Z`);
  if (Number.isNaN(asIfUtc)) return null;
  const winter = asIfUtc - 3_600_000;
  const summer = asIfUtc - 7_200_000;
  return new Date(utcOf(wallOf(new Date(summer))) === asIfUtc ? summer : winter).toISOString();
}

/** The same time of day, days later. */
export function daysLater({ date, time }: Wall, days: number): Wall {
  return { date: addDays(date, days), time };
}

/** The same day of the next month, or its last day if it is shorter. */
export function monthLater({ date, time }: Wall): Wall {
  const [year = 0, month = 0, day = 0] = date.split("-").map(Number);
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const next = new Date(Date.UTC(year, month, Math.min(day, last)));
  return { date: next.toISOString().slice(0, 10), time };
}

/** Ten seconds before the next day: to watch what midnight changes. */
export function beforeMidnight({ date }: Wall): Wall {
  return { date, time: "23:59:50" };
}

function utcOf({ date, time }: Wall): number {
  return Date.parse(`${date}T${time}Z`);
}
