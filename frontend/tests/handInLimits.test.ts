import { expect, test } from "vitest";
import { hindranceOf, wrongChoice } from "../src/features/claims/handInLimits";
import { type ClaimDraft, newDraft } from "../src/lib/claimDraft";
import type { ClaimPlace } from "../src/lib/claimFacts";
import { isParked } from "../src/lib/parkedInvoices";

const CONTRACT = { id: "C1", number: "KV-1", productName: "Kranken Voll" };
const PLACE: ClaimPlace = {
  contract: { ...CONTRACT, institution: "Musterland Krankenversicherung AG" },
  formats: ["PHOTOS"],
  largestBytes: 10,
  mostPages: 3,
};

function pages(count: number): ClaimDraft["pages"] {
  const crop = { top: 0, right: 0, bottom: 0, left: 0 };
  return Array.from({ length: count }, (_, at) => {
    return { id: String(at), turns: 0, crop, hasContrast: false };
  });
}

function parked(values: Partial<ClaimDraft>) {
  const facts = { parkedAt: "2026-11-20T10:00:00Z", amount: null, issuedOn: null };
  const draft = newDraft({
    kind: "PRESCRIPTION",
    contract: CONTRACT,
    parked: facts,
    ...values,
  });
  if (!isParked(draft)) throw new Error("Not parked");
  return draft;
}

test("X10 as many pages as are taken at a time go together, and not one more", () => {
  const [one, two] = [parked({ pages: pages(2) }), parked({ pages: pages(1) })];
  expect(wrongChoice([one, two], PLACE)).toBe(null);
  const refused = wrongChoice([one, two, parked({ pages: pages(1) })], PLACE);
  expect(refused).toContain("4 Seiten");
  expect(refused).toContain("Musterland Krankenversicherung AG nimmt auf einmal höchstens 3 an");
});

test("X10 files are claims of their own: their pages do not count with those of the photos", () => {
  const files = [parked({ hasPdf: true }), parked({ hasPdf: true })];
  expect(wrongChoice([parked({ pages: pages(3) }), ...files], PLACE)).toBe(null);
});

test("X10 nothing is handed in without a choice", () => {
  expect(wrongChoice([], PLACE)).toBe("Wählen Sie mindestens eine Rechnung.");
});

test("F56 X9 X10 what the institution does not take is told before anything is written", () => {
  const photos = { draft: newDraft({ pages: pages(3) }), file: new Uint8Array(10) };
  const chosen = { format: "E_INVOICE", invoice: null } as const;
  const file = { draft: newDraft({ chosen, hasPdf: true }), file: new Uint8Array(1) };
  expect(hindranceOf([photos], PLACE)).toBe(null);
  expect(hindranceOf([photos], null)).toBe("notTaken");
  expect(hindranceOf([photos, file], PLACE)).toBe("otherWay");
  expect(hindranceOf([photos, file], { ...PLACE, formats: ["PHOTOS", "E_INVOICE"] })).toBe(null);
  expect(hindranceOf([{ ...photos, file: new Uint8Array(11) }], PLACE)).toBe("tooLarge");
  expect(hindranceOf([{ ...photos, draft: newDraft({ pages: pages(4) }) }], PLACE)).toBe(
    "tooLarge",
  );
});
