import { expect, test } from "vitest";
import {
  csvHref,
  emptyFilter,
  filterProblems,
  toServerFilter,
} from "../src/features/savings/transactionFilter";
import { parseAmount } from "../src/lib/amount";
import { addDays, addYears, isCivilDate } from "../src/lib/civilDate";
import { fieldErrors, problemOf } from "../src/lib/fieldErrors";
import { signInPath } from "../src/lib/paths";
import { safeReturnPath } from "../src/lib/session";

test.each([
  ["1.234,56", "1234.56"],
  ["1,234.56", "1234.56"],
  ["1234,5", "1234.5"],
  ["1234.50", "1234.50"],
  ["1.000", "1000"],
  ["1.000.000", "1000000"],
  ["−20 €", "-20"],
  ["-50", "-50"],
])("the amount %s is read as %s", (typed, read) => {
  expect(parseAmount(typed)).toBe(read);
});

test.each(["", "abc", "1,2,3", "12,", "1.234,567", "--5", "1e3"])("%j is no amount", (typed) => {
  expect(parseAmount(typed)).toBeNull();
});

test("days and years are counted across months, leap days and daylight saving", () => {
  expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
  expect(addDays("2026-03-29", 1)).toBe("2026-03-30");
  expect(addYears("2028-02-29", -1)).toBe("2027-03-01");
});

test("only whole civil dates are dates", () => {
  expect(isCivilDate("2026-11-21")).toBe(true);
  expect(isCivilDate("2026-13-01")).toBe(false);
  expect(isCivilDate("21.11.2026")).toBe(false);
});

test("an empty filter is no filter", () => {
  expect(toServerFilter(emptyFilter)).toBeNull();
});

test("the last day of a period is meant inclusively, the server gets the day after", () => {
  const filter = {
    ...emptyFilter,
    von: "2026-11-01",
    bis: "2026-11-30",
    ab: "-50",
    hoechstens: "1.000",
  };
  expect(toServerFilter(filter)).toEqual({
    search: null,
    from: "2026-11-01",
    to: "2026-12-01",
    minAmount: "-50",
    maxAmount: "1000",
  });
});

test("a period that begins after its end is refused at its first field", () => {
  const problems = filterProblems({ ...emptyFilter, von: "2026-11-30", bis: "2026-11-01" });
  expect(problems.map((problem) => problem.field)).toEqual(["von"]);
});

test("the export carries the same filter", () => {
  expect(csvHref("/x.csv", emptyFilter)).toBe("/x.csv");
  expect(csvHref("/x.csv", { ...emptyFilter, suche: "Zins & mehr", bis: "2026-11-30" })).toBe(
    "/x.csv?search=Zins+%26+mehr&to=2026-12-01",
  );
});

test("a problem of the server is found by the last part of its path", () => {
  const problems = fieldErrors([{ path: ["input", "emailAddress"], message: "fehlt" }]);
  expect(problemOf(problems, "emailAddress")).toBe("fehlt");
  expect(problemOf(problems, "password")).toBeUndefined();
});

test.each([undefined, "https://example.org", "//example.org", "/\\example.org", "/anmelden", "x"])(
  "after signing in nobody is sent to %s",
  (path) => {
    expect(safeReturnPath(path)).toBe("/");
  },
);

test("after signing in one returns to where one was", () => {
  expect(signInPath("/konten/S1/umsaetze?suche=Zins")).toBe(
    "/anmelden?zurueck=%2Fkonten%2FS1%2Fumsaetze%3Fsuche%3DZins",
  );
  expect(safeReturnPath("/konten/S1/umsaetze?suche=Zins")).toBe("/konten/S1/umsaetze?suche=Zins");
  expect(signInPath("/")).toBe("/anmelden");
});
