// @vitest-environment happy-dom
import { render } from "preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SandboxApp } from "../src/sandbox/SandboxApp";
import { type Failure, type Step, signInAs, tanIn } from "../src/sandbox/signInAs";

const anna = {
  key: "anna",
  name: "Anna Beispiel",
  email: "anna@musterland.example",
  phone: "+491713920001",
  language: "de",
  proves_de: "Der normale Weg.",
  proves_en: "The standard path.",
  device: null,
};
const oldSms = sms(1, anna.phone, "111111 ist Ihre TAN");
const newSms = sms(3, anna.phone, "222222 ist Ihre TAN. Sie gilt 10 Minuten.");
const foreignSms = sms(2, "+491713920002", "333333 ist Ihre TAN");
const tanRequired = { __typename: "TanRequired", challenge: "c1" };
const signedIn = { __typename: "SignedIn" };
const atOnce = { everyMs: 0, times: 3 };

let server: {
  messages: unknown[][];
  password: unknown;
  confirm: unknown;
  asked: { path: string; body: unknown }[];
};

beforeEach(() => {
  server = { messages: [[]], password: tanRequired, confirm: signedIn, asked: [] };
  vi.stubGlobal("fetch", async (path: string, init: RequestInit = {}) => {
    const body = init.body ? JSON.parse(init.body as string) : null;
    server.asked.push({ path, body });
    return Response.json(answerTo(path, body));
  });
});

afterEach(() => {
  render(null, document.body);
  vi.unstubAllGlobals();
  localStorage.clear();
});

function sms(id: number, recipient: string, content: string) {
  return {
    id,
    channel: "SMS",
    sender: "Kundenportal",
    recipient,
    subject: "",
    text: content,
    sent_at: "2026-11-21T08:00:00+00:00",
  };
}

function answerTo(path: string, body: { query?: string; instant?: string } | null): unknown {
  switch (path) {
    case "/sandbox/api/personas":
      return { password: "geheim", personas: [anna] };
    case "/sandbox/api/messages":
      return {
        messages: server.messages.length > 1 ? server.messages.shift() : server.messages[0],
      };
    case "/sandbox/api/clock":
      return { now: body?.instant ?? "2026-11-21T09:00:00+01:00", today: "2026-11-21" };
    default:
      return body?.query?.includes("SandboxPassword")
        ? { data: { signInWithPassword: server.password } }
        : { data: { confirmSignIn: server.confirm } };
  }
}

async function signIn(): Promise<{ failure: Failure | null; steps: Step[] }> {
  const steps: Step[] = [];
  const failure = await signInAs(anna, "geheim", (step) => steps.push(step), atOnce);
  return { failure, steps };
}

function inputs(): unknown[] {
  return server.asked
    .filter(({ path }) => path === "/graphql")
    .map(({ body }) => (body as { variables: { input: unknown } }).variables.input);
}

async function openSandbox(): Promise<HTMLElement> {
  render(<SandboxApp />, document.body);
  await vi.waitUntil(() => document.body.textContent?.includes("Anna Beispiel"));
  return document.body;
}

test("signing in takes the TAN that came after the press, to this person's phone", async () => {
  server.messages = [[oldSms], [foreignSms, oldSms], [newSms, foreignSms, oldSms]];
  expect(await signIn()).toEqual({
    failure: null,
    steps: ["password", "waiting", "confirming", "done"],
  });
  expect(inputs()).toEqual([
    { emailAddress: "anna@musterland.example", password: "geheim" },
    { challenge: "c1", tan: "222222" },
  ]);
});

test("a refused password ends there, in the server's words", async () => {
  server.password = { __typename: "SignInRefused", message: "Das hat nicht gepasst." };
  expect((await signIn()).failure).toEqual({ kind: "refused", text: "Das hat nicht gepasst." });
  expect(inputs()).toHaveLength(1);
});

test("too many TANs are told apart, because travelling helps", async () => {
  server.password = { __typename: "TooManyAttempts", message: "Zu viele Versuche." };
  expect((await signIn()).failure).toEqual({ kind: "tooMany", text: "Zu viele Versuche." });
});

test("without a text message it gives up and says so", async () => {
  server.messages = [[oldSms]];
  expect((await signIn()).failure).toEqual({ kind: "noSms" });
});

test("a portal that does not answer is no endless wait", async () => {
  vi.stubGlobal("fetch", async () => {
    throw new TypeError("gone");
  });
  expect((await signIn()).failure).toEqual({ kind: "unreachable" });
});

test.each([
  ["597096 ist Ihre TAN", "597096"],
  ["Ihr Code: 012345.", "012345"],
  ["Vertrag 1234567", null],
])("the TAN in %j is %s", (content, tan) => {
  expect(tanIn(content)).toBe(tan);
});

test("the page warns, names each person and what they prove, and shows what to type", async () => {
  const page = await openSandbox();
  expect(page.textContent).toContain("Das ist eine Sandbox.");
  expect(page.textContent).toContain("Der normale Weg.");
  expect([...page.querySelectorAll("code")].map((code) => code.textContent)).toEqual([
    "geheim",
    "anna@musterland.example",
    "+491713920001",
  ]);
});

test("a caught message shows from whom to whom, its text, and its TAN to copy", async () => {
  server.messages = [[newSms]];
  const page = await openSandbox();
  await vi.waitUntil(() => page.textContent?.includes("1 Nachricht"));
  expect(page.textContent).toContain("Von Kundenportal an +491713920001");
  expect(page.querySelector('button[aria-label="TAN 222222 kopieren"]')).not.toBeNull();
});

test("addresses of this portal in a message can be followed, others are plain text", async () => {
  const here = `${location.origin}/postfach`;
  server.messages = [[sms(1, "a@b.example", `Neu: ${here}. Nicht: https://fremd.example/x`)]];
  const page = await openSandbox();
  await vi.waitUntil(() => page.textContent?.includes("1 Nachricht"));
  const links = [...page.querySelectorAll("li a")].map((a) => a.getAttribute("href"));
  expect(links).toEqual([here]);
});

test("a failed sign-in is announced at the person", async () => {
  server.password = { __typename: "TooManyAttempts", message: "Zu viele Versuche." };
  const page = await openSandbox();
  (page.querySelector("li button") as HTMLElement).click();
  await vi.waitUntil(() => page.querySelector('[role="alert"]'));
  expect(page.querySelector('[role="alert"]')?.textContent).toBe(
    "Die Anmeldung als Anna Beispiel hat nicht geklappt" +
      "Zu viele Versuche. Stellen Sie die Uhr einen Tag vor, dann geht es sofort weiter.",
  );
});

test.each([
  ["1 Tag vor", "2026-11-22T08:00:00.000Z"],
  ["1 Monat vor", "2026-12-21T08:00:00.000Z"],
  ["Kurz vor Mitternacht", "2026-11-21T22:59:50.000Z"],
  ["Zurück zum 21. November 2026", "2026-11-21T08:00:00.000Z"],
])("%s travels to %s", async (label, instant) => {
  const page = await openSandbox();
  [...page.querySelectorAll("button")].find((b) => b.textContent === label)?.click();
  await vi.waitFor(() => expect(server.asked.at(-1)?.body).toEqual({ instant }));
});

test("travelling without a date is refused at the field, and nothing is sent", async () => {
  const page = await openSandbox();
  page.querySelector("form")?.requestSubmit();
  await vi.waitUntil(() => page.querySelector('[role="alert"] a[href="#date"]'));
  expect(server.asked.some(({ body }) => body !== null)).toBe(false);
});
