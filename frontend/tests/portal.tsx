/** The whole app in a page, before a server that answers by operation name. */
import { render } from "preact";
import { afterEach, vi } from "vitest";
import { App } from "../src/App";

type Answer = Record<string, unknown> | Error | ((variables: Variables) => object);
type Variables = Record<string, unknown>;

export interface Portal {
  readonly asked: { name: string; variables: Variables }[];
  /** Answers of the server by operation name; change them while the test runs. */
  readonly answers: Record<string, Answer>;
  readonly root: HTMLElement;
}

/** A busy machine may take its time. */
export const PATIENCE = { timeout: 5_000 };

export const shellPortal = {
  __typename: "Portal",
  isSandbox: false,
  today: "2026-11-21",
  groupName: "Musterland",
  customerService: {
    __typename: "ContactPoint",
    name: "Kundenservice",
    phone: "0711 99999900",
    email: "service@musterland.example",
    hours: "Mo–Fr 8–18 Uhr",
  },
};

export const session = {
  __typename: "Session",
  signedInAt: "2026-11-21T08:00:00Z",
  expiresAt: "2026-11-21T20:00:00Z",
  idleExpiresAt: "2026-11-21T08:15:00Z",
};

export const shellViewer = {
  __typename: "Viewer",
  id: "V",
  displayName: "Anna Beispiel",
  postbox: { __typename: "Postbox", unreadCount: 0 },
  unreadConversationCount: 0,
  userAgreement: { __typename: "UserAgreement", lastWithdrawalDate: null },
  session,
};

const opened: HTMLElement[] = [];

/** A page of one test would ask the server of the next. */
afterEach(() => {
  for (const root of opened.splice(0)) render(null, root);
});

export function openPortal(path: string, answers: Record<string, Answer>): Portal {
  history.replaceState(null, "", path);
  document.body.innerHTML = "";
  const root = document.body.appendChild(document.createElement("div"));
  const asked: Portal["asked"] = [];
  vi.stubGlobal("scrollTo", () => undefined);
  vi.stubGlobal("fetch", async (_url: string, init: RequestInit) => {
    const { query, variables } = JSON.parse(init.body as string);
    const name = /(?:query|mutation) (\w+)/.exec(query)?.[1] ?? "";
    asked.push({ name, variables });
    const known = answers[name];
    const answer = typeof known === "function" ? known(variables) : known;
    if (answer instanceof Error) throw answer;
    if (!answer) throw new Error(`No answer to ${name}`);
    return new Response(JSON.stringify({ data: answer }), {
      headers: { "content-type": "application/json" },
    });
  });
  opened.push(root);
  render(<App />, root);
  return { asked, answers, root };
}

export async function text(portal: Portal, wanted: string): Promise<void> {
  await vi.waitFor(() => {
    if (!portal.root.textContent?.includes(wanted)) {
      throw new Error(`Not on the page: ${wanted}\n${portal.root.textContent}`);
    }
  }, PATIENCE);
}

export async function type(id: string, value: string): Promise<void> {
  const input = document.getElementById(id) as HTMLInputElement;
  input.value = value;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  await new Promise((resolve) => setTimeout(resolve));
}

export function press(portal: Portal, label: string): void {
  const button = [...portal.root.querySelectorAll("button")].find((b) => b.textContent === label);
  if (!button) throw new Error(`No button ${label}`);
  if (button.type === "submit") button.form?.requestSubmit();
  else button.click();
}
