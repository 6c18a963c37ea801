// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest";
import { openPortal, type Portal, press, shellPortal, shellViewer, text, type } from "./portal";

afterEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
});

const institution = { __typename: "Institution", id: "I1", name: "Musterland Bank AG" };

function letter(number: number, changes: Record<string, unknown> = {}) {
  return {
    __typename: "Document",
    id: `D${number}`,
    subject: `Kontoauszug ${number}`,
    sender: "Musterland Bank AG",
    direction: "INCOMING",
    receivedAt: "2026-11-20T23:30:00Z",
    isUnread: false,
    isOfficialDecision: false,
    institution,
    contract: null,
    ...changes,
  };
}

function connection(nodes: unknown[], totalCount = nodes.length, endCursor: string | null = null) {
  return {
    __typename: "DocumentConnection",
    totalCount,
    hasMoreThanCounted: false,
    pageInfo: { __typename: "PageInfo", hasNextPage: endCursor !== null, endCursor },
    nodes,
  };
}

function answers(documents: unknown) {
  const postbox = { __typename: "Postbox", documents };
  return {
    Shell: { portal: shellPortal, viewer: shellViewer },
    Postbox: {
      institutions: [institution],
      viewer: {
        __typename: "Viewer",
        id: "V",
        contracts: {
          __typename: "ContractConnection",
          nodes: [
            { __typename: "SavingsAccount", id: "C1", number: "T1", productName: "Tagesgeld" },
          ],
        },
        postbox,
      },
    },
    MoreDocuments: { viewer: { __typename: "Viewer", id: "V", postbox } },
  };
}

const lastFilter = (portal: Portal) =>
  portal.asked.filter(({ name }) => name === "Postbox").at(-1)?.variables.filter;

test("a letter shows subject, sender and the day it arrived in Berlin, and leads to its page", async () => {
  const portal = openPortal("/postfach", answers(connection([letter(1, { isUnread: true })])));
  await text(portal, "1 Brief");
  const row = portal.root.querySelector("main li");
  expect(row?.textContent).toBe("Ungelesen: Kontoauszug 121.11.2026Musterland Bank AG");
  expect(row?.querySelector("a")?.getAttribute("href")).toBe("/postfach/D1");
});

test("F83 a sent letter names whom it went to", async () => {
  const sent = letter(1, { direction: "OUTGOING", sender: "Anna Beispiel" });
  const portal = openPortal("/postfach?ordner=gesendet", answers(connection([sent])));
  await text(portal, "an Musterland Bank AG");
  expect(lastFilter(portal)).toMatchObject({ direction: "OUTGOING" });
  const current = portal.root.querySelector('main nav a[aria-current="page"]');
  expect(current?.textContent).toBe("Gesendet");
});

test.each([
  ["/postfach", "Noch keine Post"],
  ["/postfach?ordner=ungelesen", "Alles gelesen"],
  ["/postfach?ordner=gesendet", "Noch nichts gesendet"],
])("%s without letters says why and what comes next", async (path, title) => {
  const portal = openPortal(path, answers(connection([])));
  await text(portal, title);
});

test("a filter that matches nothing can be reset where one stands", async () => {
  const portal = openPortal("/postfach?betreff=xyz", answers(connection([])));
  await text(portal, "Kein Brief passt zu Ihrem Filter");
  const buttons = [...portal.root.querySelectorAll("main button")];
  const resets = buttons.filter((b) => b.textContent === "Filter zurücksetzen");
  (resets.at(-1) as HTMLElement).click();
  await vi.waitFor(() => expect(location.search).toBe(""));
  await vi.waitFor(() => expect(lastFilter(portal)).toMatchObject({ subject: null }));
});

test("F32 a typed subject goes into the address and to the server", async () => {
  const portal = openPortal("/postfach", answers(connection([letter(1)])));
  await text(portal, "1 Brief");
  await type("betreff", " Beitrag ");
  press(portal, "Anwenden");
  await vi.waitFor(() => expect(location.search).toBe("?betreff=Beitrag"));
  await vi.waitFor(() => expect(lastFilter(portal)).toMatchObject({ subject: "Beitrag" }));
});

test("F35 a refused period says so in the server's words and keeps the filter at hand", async () => {
  const refused = { __typename: "InvalidPeriod", message: "Der Zeitraum endet vor dem Anfang." };
  const portal = openPortal("/postfach?von=2026-12-01&bis=2026-01-01", answers(refused));
  await text(portal, "Der Zeitraum endet vor dem Anfang.");
  const alert = portal.root.querySelector('[role="alert"]');
  expect(alert?.textContent).toContain("Dieser Zeitraum geht nicht");
  expect((document.getElementById("von") as HTMLInputElement).value).toBe("2026-12-01");
});

test("F34 the other order is one press away", async () => {
  const portal = openPortal("/postfach", answers(connection([letter(1)])));
  await text(portal, "1 Brief");
  press(portal, "Älteste zuerst zeigen");
  await text(portal, "Neueste zuerst zeigen");
  expect(location.search).toBe("?sortierung=aelteste");
  expect(portal.asked.at(-1)?.variables.orderBy).toBe("OLDEST_FIRST");
});

test("more letters join the list, and the focus goes to the first of them", async () => {
  const first = Array.from({ length: 20 }, (_, index) => letter(index + 1));
  const portal = openPortal("/postfach", answers(connection(first, 21, "after20")));
  await text(portal, "20 von 21 angezeigt");
  Object.assign(portal.answers, {
    MoreDocuments: answers(connection([letter(21)], 21)).MoreDocuments,
  });
  press(portal, "Mehr laden");
  await text(portal, "21 von 21 angezeigt");
  expect(portal.root.querySelectorAll("main li")).toHaveLength(21);
  await vi.waitUntil(() => document.activeElement?.textContent === "Kontoauszug 21");
  const asked = portal.asked.find(({ name }) => name === "MoreDocuments");
  expect(asked?.variables.after).toBe("after20");
});

test("X2 who has more than a thousand letters is not told a wrong number", async () => {
  const many = { ...connection([letter(1)], 1000, "E1"), hasMoreThanCounted: true };
  const portal = openPortal("/postfach", answers(many));
  await text(portal, "Mehr als 1.000 Briefe");
  await text(portal, "20 von mehr als 1.000 angezeigt");
});
