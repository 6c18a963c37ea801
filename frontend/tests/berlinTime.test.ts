import { expect, test } from "vitest";
import { formatDate, formatShortDate } from "../src/lib/format";
import {
  beforeMidnight,
  daysLater,
  instantOf,
  monthLater,
  wallOf,
} from "../src/sandbox/berlinTime";

test.each([
  ["2026-11-21", "09:00", "2026-11-21T08:00:00.000Z"],
  ["2026-07-01", "00:30", "2026-06-30T22:30:00.000Z"],
  ["2026-10-25", "01:59:59", "2026-10-24T23:59:59.000Z"],
  ["2026-10-25", "03:00", "2026-10-25T02:00:00.000Z"],
  ["2027-03-28", "01:59", "2027-03-28T00:59:00.000Z"],
  ["2027-03-28", "03:00", "2027-03-28T01:00:00.000Z"],
])("%s %s on a wall in Berlin is %s", (date, time, instant) => {
  expect(instantOf({ date, time })).toBe(instant);
  const shown = wallOf(new Date(instant));
  expect([shown.date, shown.time.startsWith(time)]).toEqual([date, true]);
});

test("an hour that summer time skips is the hour after it", () => {
  expect(wallOf(new Date(instantOf({ date: "2027-03-28", time: "02:30" }) ?? 0))).toEqual({
    date: "2027-03-28",
    time: "03:30:00",
  });
});

test.each([
  ["", "09:00"],
  ["2026-11-21", ""],
  ["2026-13-01", "09:00"],
])("%j %j is no time to travel to", (date, time) => {
  expect(instantOf({ date, time })).toBeNull();
});

test("a day later it is the same time of day, whatever the clocks do", () => {
  const wall = daysLater({ date: "2026-10-24", time: "12:00:00" }, 1);
  expect(instantOf(wall)).toBe("2026-10-25T11:00:00.000Z");
});

test.each([
  ["2026-11-21", "2026-12-21"],
  ["2026-12-31", "2027-01-31"],
  ["2027-01-31", "2027-02-28"],
  ["2028-01-31", "2028-02-29"],
])("a month after %s is %s", (date, next) => {
  expect(monthLater({ date, time: "09:00:00" })).toEqual({ date: next, time: "09:00:00" });
});

test("just before midnight is ten seconds before the next day", () => {
  expect(beforeMidnight({ date: "2026-11-21", time: "09:00:00" })).toEqual({
    date: "2026-11-21",
    time: "23:59:50",
  });
});

test("the day of an instant is Berlin's day", () => {
  expect([
    formatDate("2026-11-20T23:30:00Z"),
    formatShortDate("2026-07-01T21:59:00+00:00"),
  ]).toEqual(["21. November 2026", "01.07.2026"]);
});
