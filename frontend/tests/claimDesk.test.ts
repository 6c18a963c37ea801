// @vitest-environment happy-dom
import { createClient, fetchExchange } from "@urql/core";
import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type ClaimDesk, knownDesk, openDesk } from "../src/graphql/claimFacts";
import { ClaimDrafts } from "../src/lib/claimDrafts";
import { notePresence } from "../src/lib/presence";

const place = {
  contract: {
    id: "C1",
    number: "KV-1",
    productName: "Kranken Voll",
    institution: { id: "I1", name: "Musterland Krankenversicherung AG" },
  },
  formats: ["PHOTOS"],
  largestBytes: 20_000_000,
  mostPages: 50,
  isOpenToDesktops: true,
};
const viewer = {
  id: "A1",
  claimsKey: { id: "K1", publicKey: "" },
  MEDICAL_INVOICE: [place],
  THERAPY_OR_AID: [],
  PRESCRIPTION: [],
  REFERRAL: [],
  TREATMENT_PLAN: [],
  FOREIGN_INVOICE: [],
};
const NOW = Date.parse("2026-11-21T10:00:00Z");

let answer: () => Response;

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ["Date"] });
  vi.stubGlobal("indexedDB", new IDBFactory());
  vi.stubGlobal("IDBKeyRange", IDBKeyRange);
  vi.stubGlobal("isSecureContext", true);
  vi.stubGlobal("fetch", async () => answer());
  sessionStorage.clear();
  answer = () => Response.json({ data: { viewer } });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** A page that was opened anew: it remembers nothing itself. */
function newPage() {
  return createClient({
    url: "http://portal.example/graphql",
    preferGetMethod: false,
    exchanges: [fetchExchange],
  });
}

function loseNetwork(): void {
  answer = () => {
    throw new TypeError("Failed to fetch");
  };
}

async function opened(): Promise<ClaimDesk> {
  const desk = await openDesk(newPage());
  if (typeof desk === "string") throw new Error(desk);
  return desk;
}

test("F47 F58 after a reload without a network the desk is the one that was told last, with its time", async () => {
  const told = await opened();
  expect(told.remembered).toBe(null);
  notePresence("A1", NOW + 60_000);
  loseNetwork();
  const desk = await opened();
  expect(desk.account).toBe("A1");
  expect(desk.facts).toEqual(told.facts);
  expect(desk.remembered).toEqual({ toldAt: "2026-11-21T10:00:00.000Z", until: NOW + 60_000 });
});

test("F63 no desk without a network once the session is over by the clock, also in a page that is open", async () => {
  await opened();
  notePresence("A1", NOW + 60_000);
  loseNetwork();
  const page = newPage();
  await openDesk(page);
  expect(knownDesk(page)).not.toBe(null);
  vi.setSystemTime(NOW + 60_000);
  expect(knownDesk(page)).toBe(null);
  expect(await openDesk(page)).toBe("failed");
});

test("F63 in another tab, in another's session or after signing out nothing is remembered", async () => {
  await opened();
  loseNetwork();
  expect(await openDesk(newPage())).toBe("failed");
  notePresence("A2", NOW + 60_000);
  expect(await openDesk(newPage())).toBe("failed");
  notePresence("A1", NOW + 60_000);
  await ClaimDrafts.forgetDesk("A1");
  expect(await openDesk(newPage())).toBe("failed");
});

test("F58 a server that fails is no missing network: nothing older is shown for it", async () => {
  await opened();
  notePresence("A1", NOW + 60_000);
  answer = () => new Response("Bad gateway", { status: 502 });
  expect(await openDesk(newPage())).toBe("failed");
});

test("F63 who signs in meanwhile gets a desk and drafts of their own", async () => {
  const page = newPage();
  const first = await openDesk(page);
  answer = () => Response.json({ data: { viewer: { ...viewer, id: "A2" } } });
  const second = await openDesk(page);
  if (typeof first === "string" || typeof second === "string") throw new Error("no desk");
  await first.drafts.begin({ title: "Nur für A1" });
  expect(second.account).toBe("A2");
  expect(await second.drafts.all()).toEqual([]);
});
