// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openPortal, PATIENCE, type Portal, press, shellPortal, shellViewer, text } from "./portal";

const openPdf = vi.hoisted(() => vi.fn());
vi.mock("../src/features/documents/pdf", () => ({ openPdf }));

const laid: number[] = [];

const document1 = {
  __typename: "Document",
  id: "D1",
  subject: "Ihr Bescheid",
  isUnread: false,
  mediaType: "application/pdf",
  fileName: "Bescheid.pdf",
  downloadUrl: "/documents/D1/Bescheid.pdf",
  direction: "INCOMING",
  sender: "Musterland BKK",
  documentDate: "2026-11-19",
  receivedAt: "2026-11-20T23:30:00Z",
  firstOpenedAt: null,
  firstDownloadedAt: null,
  paperOrderedAt: null,
  notices: [
    {
      __typename: "Notice",
      channel: "MAIL",
      state: "ANNOUNCED",
      emailAddress: "anna@musterland.example",
      announcedAt: "2026-11-20T23:31:00Z",
      failedAt: null,
    },
  ],
  decisionDates: {
    __typename: "DecisionDates",
    deemedAnnouncedOn: "2026-11-25",
    objectionEndsOn: "2026-12-28",
  },
  isOfficialDecision: true,
  size: 22_100,
  sha256: "56cd0f89",
  institution: { __typename: "Institution", id: "I1", name: "Musterland BKK" },
  contract: {
    __typename: "SavingsAccount",
    id: "S1",
    kind: "SAVINGS_ACCOUNT",
    number: "T1",
    productName: null,
  },
};

beforeEach(() => {
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe = () => undefined;
      disconnect = () => undefined;
    },
  );
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(400);
  laid.length = 0;
  openPdf.mockReset().mockResolvedValue(pdfOf(1));
});

afterEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
});

function pdfOf(total: number) {
  return Array.from({ length: total }, (_, index) => ({
    page: {
      pageNumber: index + 1,
      getViewport: ({ scale }: { scale: number }) => ({
        width: 200 * scale,
        height: 280 * scale,
        scale,
      }),
      render: () => ({ promise: Promise.resolve(), cancel: () => undefined }),
    },
    layWords: () => {
      laid.push(index + 1);
      return () => undefined;
    },
  }));
}

/** The portal at one letter; the file comes with this status. */
function openLetter(node: unknown, status = 200): Portal & { readonly files: string[] } {
  const portal = openPortal("/postfach/D1", {
    Shell: { portal: shellPortal, viewer: shellViewer },
    Document: { viewer: { __typename: "Viewer", id: "V" }, node },
    OpenDocument: {
      openDocument: { ...document1, firstOpenedAt: "2026-11-21T08:00:00Z", isUnread: false },
    },
  });
  const files: string[] = [];
  const ask = fetch;
  vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
    if (!url.startsWith("/documents/")) return ask(url, init);
    files.push(url);
    return new Response("%PDF", { status });
  });
  return { ...portal, files };
}

test("a letter shows its page, its data and the way to its contract", async () => {
  const portal = openLetter(document1);
  await vi.waitUntil(() => portal.root.querySelector("canvas"));
  // Looking at it is no download.
  expect(portal.files).toEqual(["/documents/D1/Bescheid.pdf?show"]);
  expect(portal.root.querySelector("main section[aria-label='Seite 1 von 1']")).not.toBeNull();
  const data = [...portal.root.querySelectorAll("main dl > div")].map((row) => row.textContent);
  expect(data).toEqual([
    "Eingegangen21. November 2026 um 00:30",
    "Nachricht per E-MailGesendet am 21. November 2026 um 00:31 an anna@musterland.example",
    "Zuerst geöffnetNoch nicht",
    "Zuerst heruntergeladenNoch nicht",
    "Gilt als bekannt gegeben25. November 2026",
    "AbsenderMusterland BKK",
    "Datum des Briefs19. November 2026",
    "VertragT1",
    "ArtBescheid: Es können Fristen laufen.",
    "Größe22 KB",
    "Prüfsumme (SHA-256)56cd0f89",
  ]);
  expect(portal.root.querySelector("main dl a")?.getAttribute("href")).toBe("/konten/S1/umsaetze");
});

test("X7: a decision says above the letter until when one can object, or that nobody knows yet", async () => {
  const known = openLetter(document1);
  await text(known, "Widerspruch bis 28. Dezember 2026");
  await text(known, "Der Bescheid gilt am 25. November 2026 als bekannt gegeben.");
  const unknown = { ...document1.decisionDates, deemedAnnouncedOn: null, objectionEndsOn: null };
  const open = openLetter({ ...document1, decisionDates: unknown });
  await text(open, "Die Frist für einen Widerspruch steht noch nicht fest");
  expect(open.root.textContent).toContain("Gilt als bekannt gegebenSteht noch nicht fest");
  const letter = openLetter({ ...document1, decisionDates: null });
  await text(letter, "Zuerst geöffnet");
  expect(letter.root.textContent).not.toMatch(/Widerspruch|bekannt gegeben/);
});

test("X6: a notice that failed is said to have, and that the letter comes on paper", async () => {
  const [sent] = document1.notices;
  const failed = { ...sent, state: "FAILED", failedAt: "2026-11-21T08:00:00Z" };
  const push = { ...sent, channel: "PUSH", emailAddress: null };
  const portal = openLetter({
    ...document1,
    notices: [failed, push],
    paperOrderedAt: "2026-11-21T08:00:00Z",
  });
  await text(portal, "Nicht angekommen: anna@musterland.example (21. November 2026 um 09:00)");
  await text(portal, "Druck beauftragt am 21. November 2026 um 09:00");
  await text(portal, "Nachricht auf ein GerätGesendet am 21. November 2026 um 00:31");
});

test("the picture is drawn at the width of the page and its words lie over it", async () => {
  const portal = openLetter(document1);
  await vi.waitUntil(() => laid.length > 0, PATIENCE);
  const canvas = portal.root.querySelector("canvas");
  expect([canvas?.width, canvas?.height]).toEqual([800, 1120]);
  expect(canvas?.parentElement?.getAttribute("aria-hidden")).toBe("true");
});

test("looking at an unread letter records that it was opened, once", async () => {
  const portal = openLetter({ ...document1, isUnread: true });
  const isOpened = () => portal.asked.some(({ name }) => name === "OpenDocument");
  Object.defineProperty(portal.answers, "Document", {
    get: () => ({
      viewer: { __typename: "Viewer", id: "V" },
      node: { ...document1, isUnread: !isOpened() },
    }),
  });
  await vi.waitUntil(
    () => portal.asked.filter(({ name }) => name === "Document").length === 2 && isOpened(),
  );
  await vi.waitUntil(() => portal.root.querySelector("canvas"));
  const opened = portal.asked.filter(({ name }) => name === "OpenDocument");
  expect(portal.files).toHaveLength(1);
  expect(opened.map(({ variables }) => variables)).toEqual([{ input: { document: "D1" } }]);
});

test("a letter that was read before is not recorded again", async () => {
  const portal = openLetter(document1);
  await vi.waitUntil(() => portal.root.querySelector("canvas"));
  expect(portal.asked.map(({ name }) => name)).not.toContain("OpenDocument");
});

test("the download carries the file's name", async () => {
  const portal = openLetter(document1);
  await text(portal, "Herunterladen");
  const link = portal.root.querySelector("main a[download]");
  expect([link?.getAttribute("href"), link?.getAttribute("download")]).toEqual([
    "/documents/D1/Bescheid.pdf",
    "Bescheid.pdf",
  ]);
});

test("a long letter shows five pages at once, but prints all of them", async () => {
  openPdf.mockResolvedValue(pdfOf(7));
  const portal = openLetter(document1);
  await text(portal, "5 von 7 angezeigt");
  const pages = () => portal.root.querySelectorAll("canvas").length;
  expect(pages()).toBe(5);
  const printed: number[] = [];
  vi.stubGlobal("print", () => printed.push(pages()));
  press(portal, "Drucken");
  await vi.waitUntil(() => printed.length > 0);
  expect(printed).toEqual([7]);
});

test("a file that does not arrive can be asked for again, and still be downloaded", async () => {
  const portal = openLetter(document1, 503);
  await text(portal, "Das hat nicht geklappt");
  expect(portal.root.querySelector("main a[download]")).not.toBeNull();
  expect(portal.root.textContent).not.toContain("Drucken");
  vi.stubGlobal("fetch", async () => new Response("%PDF"));
  press(portal, "Erneut versuchen");
  await vi.waitUntil(() => portal.root.querySelector("canvas"));
});

test("a file that is no PDF is offered for download", async () => {
  const portal = openLetter({ ...document1, mediaType: "image/tiff" });
  await text(portal, "Diese Datei kann hier nicht angezeigt werden.");
  expect(portal.root.querySelector("main a[download]")).not.toBeNull();
  expect(portal.files).toEqual([]);
});

test("an absent or foreign letter says so and leads back to the postbox", async () => {
  const portal = openLetter(null);
  await text(portal, "Diesen Brief finden wir nicht");
  expect(portal.root.querySelectorAll('main a[href="/postfach"]')).toHaveLength(2);
});
