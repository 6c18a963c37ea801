import { expect, test } from "vitest";
import {
  countActive,
  emptyFilter,
  filterFromUrl,
  filterProblems,
  folderFromUrl,
  orderFromUrl,
  toServerFilter,
} from "../src/features/postbox/documentFilter";

test("without anything in the address the inbox is shown, newest first", () => {
  expect([folderFromUrl({}), orderFromUrl({}), filterFromUrl({})]).toEqual([
    "eingang",
    "NEWEST_FIRST",
    emptyFilter,
  ]);
});

test("an unknown folder or order in the address is the usual one", () => {
  expect(folderFromUrl({ ordner: "papierkorb" })).toBe("eingang");
  expect(orderFromUrl({ sortierung: "zufall" })).toBe("NEWEST_FIRST");
});

test("F32 X2 search, subject and contract reach the server, empty fields do not", () => {
  const filter = { ...emptyFilter, suche: "Typklasse", betreff: "Beitrag", vertrag: "C1" };
  expect(toServerFilter(filter, "eingang")).toEqual({
    direction: "INCOMING",
    isUnread: null,
    isArchived: false,
    search: "Typklasse",
    subject: "Beitrag",
    contract: "C1",
    institution: null,
    from: null,
    to: null,
  });
  expect(countActive(filter)).toBe(3);
});

test("the last day is meant inclusively, the server gets the day after", () => {
  const filter = { ...emptyFilter, von: "2026-12-01", bis: "2026-12-31" };
  expect(toServerFilter(filter, "eingang")).toMatchObject({ from: "2026-12-01", to: "2027-01-01" });
});

test("F83 sent letters are asked for by direction, unread ones among those received", () => {
  expect(toServerFilter(emptyFilter, "gesendet")).toMatchObject({
    direction: "OUTGOING",
    isUnread: null,
  });
  expect(toServerFilter(emptyFilter, "ungelesen")).toMatchObject({
    direction: "INCOMING",
    isUnread: true,
  });
});

test("F23 what is in the archive, received or sent, is in no other folder", () => {
  expect(folderFromUrl({ ordner: "archiv" })).toBe("archiv");
  expect(toServerFilter(emptyFilter, "archiv")).toMatchObject({
    direction: null,
    isArchived: true,
  });
  for (const folder of ["eingang", "ungelesen", "gesendet"] as const) {
    expect(toServerFilter(emptyFilter, folder)).toMatchObject({ isArchived: false });
  }
});

test("what is no date is pointed out at its field", () => {
  const problems = filterProblems({ ...emptyFilter, von: "2026-02-31x", bis: "2026-11-30" });
  expect(problems.map(({ field }) => field)).toEqual(["von"]);
});

test("F35 a period in the wrong order is left to the server to refuse", () => {
  expect(filterProblems({ ...emptyFilter, von: "2026-12-31", bis: "2026-01-01" })).toEqual([]);
});
