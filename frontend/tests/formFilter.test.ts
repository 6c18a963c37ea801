import { expect, test } from "vitest";
import { countActive, filterFromUrl, toServerFilter } from "../src/features/forms/formFilter";

test("F110 what a form is for goes from the address to the server", () => {
  const filter = filterFromUrl({ thema: "vollmacht", suche: "Konto" });
  expect(countActive(filter)).toBe(2);
  expect(toServerFilter(filter)).toEqual({
    search: "Konto",
    institution: null,
    category: "AUTHORISATION",
  });
});

test.each(["", "quatsch", "toString"])("F110 the address %j filters by nothing", (thema) => {
  expect(toServerFilter(filterFromUrl({ thema })).category).toBeNull();
});
