import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type ClaimDraft, type DraftPage, newDraft } from "../src/lib/claimDraft";
import { ClaimDrafts, photoName } from "../src/lib/claimDrafts";
import type { SealBinding } from "../src/lib/claimSeal";
import {
  byContract,
  isParked,
  missingTo,
  type ParkedInvoice,
  parcelsOf,
  parkedIn,
  titleOf,
  totalOf,
} from "../src/lib/parkedInvoices";
import { keepThreshold, thresholdOf } from "../src/lib/parkingThreshold";

const HEALTH = { id: "C1", number: "KV-1", productName: "Kranken Voll" };
const DENTAL = { id: "C2", number: "ZV-1", productName: "Zahn Plus" };
const WHOLE = { top: 0, right: 0, bottom: 0, left: 0 };

function page(id: string): DraftPage {
  return { id, turns: 0, crop: WHOLE, hasContrast: false };
}

function parked(
  values: Partial<ClaimDraft> & { readonly on?: string; readonly price?: string | null },
) {
  const { on = null, price = null, ...rest } = values;
  const draft = newDraft({
    kind: "MEDICAL_INVOICE",
    contract: HEALTH,
    pages: [page("p")],
    parked: { parkedAt: "2026-11-20T10:00:00Z", amount: price, issuedOn: on },
    ...rest,
  });
  if (!isParked(draft)) throw new Error("Not parked");
  return draft;
}

test("X10 the sum is exact to the cent and says how many have no amount", () => {
  const invoices = [
    parked({ price: "0.10" }),
    parked({ price: "0.20" }),
    parked({ price: "1084" }),
  ];
  expect(totalOf([...invoices, parked({}), parked({ price: "84.6" })])).toEqual({
    count: 5,
    amount: "1168.90",
    withoutAmount: 1,
  });
  expect(totalOf([])).toEqual({ count: 0, amount: "0.00", withoutAmount: 0 });
});

test("X10 the customer's own limit is reached to the cent", () => {
  const total = totalOf([parked({ price: "215.40" }), parked({ price: "84.59" })]);
  expect(missingTo(total, "300")).toBe("0.01");
  expect(missingTo(total, "299.99")).toBe(null);
});

test("X10 the oldest invoice comes first, by its own day or else the day on which it was kept", () => {
  const invoices = [
    parked({ title: "second" }),
    parked({ title: "third", on: "2026-11-21" }),
    parked({ title: "first", on: "2026-05-02" }),
  ];
  expect(parkedIn(invoices).map(({ title }) => title)).toEqual(["first", "second", "third"]);
});

test("X10 only what is whole is parked: a draft, one without pages and one on its way are not", () => {
  const free = parked({});
  const onItsWay = parked({});
  const drafts = [
    newDraft({ kind: "MEDICAL_INVOICE", contract: HEALTH, pages: [page("p")] }),
    { ...parked({}), pages: [] },
    onItsWay,
    newDraft({ invoices: [onItsWay.id] }),
    free,
  ];
  expect(parkedIn(drafts).map(({ id }) => id)).toEqual([free.id]);
});

test("X10 together go the invoices of one kind on one contract", () => {
  const plan = parked({ kind: "TREATMENT_PLAN", price: "900" });
  const [one, two] = [parked({ price: "10" }), parked({ price: "20" })];
  const dental = parked({ contract: DENTAL });
  const groups = byContract([one, plan, dental, two]);
  expect(groups.map(({ contract, total }) => [contract.number, total.amount])).toEqual([
    ["KV-1", "930.00"],
    ["ZV-1", "0.00"],
  ]);
  expect(groups[0]?.kinds).toEqual([
    { kind: "MEDICAL_INVOICE", invoices: [one, two] },
    { kind: "TREATMENT_PLAN", invoices: [plan] },
  ]);
});

test("X10 photos become one claim in the order of the invoices, each file stays one of its own", () => {
  const first = parked({ title: "Zahnarzt", pages: [page("a"), page("b")] });
  const file = parked({ title: "Labor", pages: [], hasPdf: true });
  const last = parked({ title: "", pages: [page("c")] });
  const [photos, one, ...none] = parcelsOf([first, file, last]);
  expect(photos?.pages.map(({ id, from }) => [id, from])).toEqual([
    ["a", first.id],
    ["b", first.id],
    ["c", last.id],
  ]);
  expect(photos && titleOf(photos)).toBe("Zahnarzt");
  expect(one).toEqual({ invoices: [file], pages: [] });
  expect(none).toEqual([]);
});

let drafts: ClaimDrafts;

beforeEach(async () => {
  vi.stubGlobal("indexedDB", new IDBFactory());
  vi.stubGlobal("IDBKeyRange", IDBKeyRange);
  vi.stubGlobal("isSecureContext", true);
  let last: Promise<unknown> = Promise.resolve();
  const request = (_name: string, use: () => Promise<unknown>) => {
    const result = last.then(use);
    last = result.catch(() => undefined);
    return result;
  };
  vi.stubGlobal("navigator", { locks: { request } });
  drafts = await ClaimDrafts.open("A1");
});
afterEach(() => vi.unstubAllGlobals());

const FILE = Uint8Array.from([1, 2, 3]);
const BINDING: SealBinding = {
  key: { id: "K1", publicKey: "", algorithm: "X25519" },
  contract: "C1",
  kind: "MEDICAL_INVOICE",
  format: "PHOTOS",
  idempotencyKey: "0b5f3c1e-6a0e-4a4e-9d0f-3f6f5a1c2b7d",
};

async function kept(values: Parameters<typeof parked>[0]): Promise<ParkedInvoice> {
  const invoice = parked(values);
  await drafts.keep(invoice, {
    put: invoice.pages.map(({ id }) => [photoName(invoice, id), FILE] as const),
  });
  return invoice;
}

function claimOf(...invoices: readonly ParkedInvoice[]) {
  const [parcel] = parcelsOf(invoices);
  return { pages: parcel?.pages ?? [], invoices: invoices.map(({ id }) => id), file: FILE };
}

test("F60 X10 of two tabs that hand in the same invoice one begins a claim, the other none", async () => {
  const [one, two] = [await kept({}), await kept({ pages: [page("q")] })];
  const begun = await Promise.all([
    drafts.beginTogether([claimOf(one, two)]),
    drafts.beginTogether([claimOf(two)]),
  ]);
  expect(begun.map((claims) => claims?.length ?? null)).toEqual([1, null]);
  expect((await drafts.all()).filter(({ invoices }) => invoices)).toHaveLength(1);
});

test("X10 an invoice that is gone is handed in with nothing else: all of them or none", async () => {
  const [one, gone] = [await kept({}), parked({})];
  expect(await drafts.beginTogether([claimOf(one), claimOf(gone)])).toBe(null);
  expect((await drafts.all()).map(({ id }) => id)).toEqual([one.id]);
});

test("X10 the pages of the invoices are those of the claim, and go with it once the server has it", async () => {
  const [one, two] = [await kept({}), await kept({ pages: [page("q")] })];
  const other = await kept({ pages: [page("r")] });
  const [claim] = (await drafts.beginTogether([claimOf(one, two)])) ?? [];
  if (!claim) throw new Error("Not begun");
  expect(await (await drafts.photo(claim, "q")).bytes()).toEqual(FILE);
  expect(parkedIn(await drafts.all()).map(({ id }) => id)).toEqual([other.id]);

  await drafts.discard(claim, { claim: "CL1" });
  expect((await drafts.all()).map(({ id }) => id)).toEqual([other.id]);
  await expect(drafts.photo(one, "p")).rejects.toThrow("Not kept");
  expect(await (await drafts.photo(other, "r")).bytes()).toEqual(FILE);
});

test("F60 X10 a claim is taken apart as long as it can't be at the server, and not afterwards", async () => {
  const one = await kept({});
  const [claim] = (await drafts.beginTogether([claimOf(one)])) ?? [];
  if (!claim) throw new Error("Not begun");
  const sealed = await drafts.keep({ ...claim, sending: BINDING, problem: { kind: "network" } });
  await drafts.takeApart(claim);
  expect(await drafts.read(claim.id)).toEqual(sealed);

  await drafts.keep({ ...sealed, problem: { kind: "refused", message: "Nein" } });
  await drafts.takeApart(sealed);
  expect(await drafts.read(claim.id)).toBe(null);
  expect(parkedIn(await drafts.all()).map(({ id }) => id)).toEqual([one.id]);
  expect(await (await drafts.photo(one, "p")).bytes()).toEqual(FILE);
});

test("X10 a limit is kept for its contract and its account, until it is taken back", async () => {
  await keepThreshold("A1", "C1", "300.00");
  expect(await thresholdOf("A1", "C1")).toBe("300.00");
  expect(await thresholdOf("A1", "C2")).toBe(null);
  expect(await thresholdOf("A2", "C1")).toBe(null);
  await keepThreshold("A1", "C1", null);
  expect(await thresholdOf("A1", "C1")).toBe(null);
});
