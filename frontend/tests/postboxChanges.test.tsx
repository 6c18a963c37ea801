// @vitest-environment happy-dom
import { render } from "preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openPortal, PATIENCE, type Portal, shellPortal, shellViewer, text } from "./portal";

class Source extends EventTarget {
  static readonly CLOSED = 2;
  static opened: Source[] = [];
  readyState = 1;
  constructor(readonly address: string) {
    super();
    Source.opened.push(this);
  }
  close() {
    this.readyState = Source.CLOSED;
  }
  say(event: string) {
    this.dispatchEvent(new Event(event));
  }
}

const listening = () => Source.opened.filter(({ readyState }) => readyState !== Source.CLOSED);
const unattended: string[] = [];

beforeEach(() => {
  Source.opened = [];
  unattended.length = 0;
  vi.stubGlobal("EventSource", Source);
});

afterEach(() => {
  render(null, document.body.firstElementChild as Element);
  vi.unstubAllGlobals();
  vi.useRealTimers();
  localStorage.clear();
});

function postbox(...subjects: string[]) {
  const documents = {
    __typename: "DocumentConnection",
    totalCount: subjects.length,
    pageInfo: { __typename: "PageInfo", hasNextPage: false, endCursor: null },
    nodes: subjects.map((subject) => ({
      __typename: "Document",
      id: subject,
      subject,
      sender: "Musterland Bank AG",
      direction: "INCOMING",
      receivedAt: "2026-11-20T23:30:00Z",
      isUnread: true,
      isOfficialDecision: false,
      institution: { __typename: "Institution", id: "I1", name: "Musterland Bank AG" },
      contract: null,
    })),
  };
  return {
    institutions: [],
    viewer: {
      __typename: "Viewer",
      id: "V",
      unreadMessageCount: 0,
      contracts: { __typename: "ContractConnection", nodes: [] },
      postbox: { __typename: "Postbox", documents },
    },
  };
}

function open(): Portal & { readonly count: (name: string) => number } {
  const shell = { portal: shellPortal, viewer: shellViewer };
  const portal = openPortal("/postfach", { Shell: shell, Postbox: postbox("Erster Brief") });
  const answer = globalThis.fetch;
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    const headers = new Headers(init.headers);
    const name = /query (\w+)/.exec(String(init.body))?.[1] ?? "";
    if (headers.get("Kundenportal-Unattended") === "1") unattended.push(name);
    return answer(url, init);
  });
  return { ...portal, count: (name) => portal.asked.filter((asked) => asked.name === name).length };
}

/** The page shows its letter, and listens: both come when they come. */
async function ready(portal: Portal): Promise<void> {
  await text(portal, "1 Brief");
  await vi.waitFor(() => expect(listening()).toHaveLength(1), PATIENCE);
}

test("a letter that arrives shows without being asked for, and nobody used the session", async () => {
  const portal = open();
  await ready(portal);
  expect(listening().map(({ address }) => address)).toEqual(["/postbox/changes"]);
  Object.assign(portal.answers, { Postbox: postbox("Zweiter Brief", "Erster Brief") });
  Source.opened[0]?.say("change");
  await text(portal, "2 Briefe");
  expect(portal.root.textContent).toContain("Zweiter Brief");
  expect(unattended.toSorted()).toEqual(["Postbox", "Shell"]);
});

test("a letter that comes while the stream is opened is not missed", async () => {
  const portal = open();
  await ready(portal);
  Object.assign(portal.answers, { Postbox: postbox("Zweiter Brief", "Erster Brief") });
  Source.opened[0]?.say("open");
  await text(portal, "2 Briefe");
});

test("a page that can't be brought up to date stays as it is", async () => {
  const portal = open();
  await ready(portal);
  Object.assign(portal.answers, { Postbox: new Error("offline") });
  Source.opened[0]?.say("change");
  await vi.waitFor(() => expect(portal.count("Postbox")).toBe(2), PATIENCE);
  await vi.waitFor(
    () => expect(portal.root.querySelector('[aria-busy="true"]')).toBeNull(),
    PATIENCE,
  );
  expect(portal.root.textContent).toContain("Erster Brief");
});

test("a hidden page hangs up, and asks again when it is seen again", async () => {
  const portal = open();
  await ready(portal);
  const visibility = vi.spyOn(document, "visibilityState", "get");
  visibility.mockReturnValue("hidden");
  document.dispatchEvent(new Event("visibilitychange"));
  expect(listening()).toEqual([]);
  visibility.mockReturnValue("visible");
  document.dispatchEvent(new Event("visibilitychange"));
  expect(listening()).toHaveLength(1);
  Source.opened[1]?.say("open");
  await vi.waitFor(() => expect(portal.count("Postbox")).toBe(2), PATIENCE);
});

test("a session that ended elsewhere leaves nothing on the screen", async () => {
  const portal = open();
  await ready(portal);
  Object.assign(portal.answers, {
    Shell: { portal: shellPortal, viewer: null },
    Postbox: { institutions: [], viewer: null },
  });
  Source.opened[0]?.say("end");
  await vi.waitFor(() => expect(portal.root.textContent).not.toContain("Erster Brief"), PATIENCE);
  expect(location.pathname).toBe("/anmelden");
  expect(listening()).toEqual([]);
});

test("a refused stream is asked for again after a minute, not at once", async () => {
  const portal = open();
  await ready(portal);
  vi.useFakeTimers();
  Source.opened[0]?.close();
  Source.opened[0]?.say("error");
  vi.advanceTimersByTime(59_000);
  expect(Source.opened).toHaveLength(1);
  vi.advanceTimersByTime(2_000);
  expect(listening()).toHaveLength(1);
});
