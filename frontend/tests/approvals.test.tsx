// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest";
import { isOver } from "../src/features/approvals/approving";
import {
  openPortal,
  type Portal,
  press,
  session,
  shellPortal,
  shellViewer,
  text,
  type,
} from "./portal";

afterEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
});

const OLD = "das alte Passwort";
const NEW = "Vier Störche auf dem Dach";
const viewer = { __typename: "Viewer", id: "V", emailAddress: "anna@beispiel.example", session };
const approval = (methods: string[]) => ({
  changePassword: {
    __typename: "ApprovalRequired",
    approval: {
      __typename: "Approval",
      id: "A1",
      summary: "Ihr Passwort ändern",
      methods,
      expiresAt: "2026-11-21T08:10:00Z",
    },
  },
});
const sent = {
  requestApprovalTan: {
    __typename: "ApprovalTanSent",
    maskedPhoneNumber: "+49 ••• 67",
    expiresAt: "2026-11-21T08:10:00Z",
  },
};
const approved = {
  approveWithTan: {
    __typename: "Approved",
    viewer: { __typename: "Viewer", id: "V" },
    outcome: { __typename: "PasswordChanged", endedSessions: 2 },
    receipt: { __typename: "Receipt", id: "R", position: 17, downloadUrl: "/receipts/R/q.json" },
  },
};
const refused = (name: string, __typename: string, more: Record<string, unknown> = {}) => ({
  [name]: { __typename, message: `Vom Server: ${__typename}.`, ...more },
});

async function askForApproval(
  answers: Parameters<typeof openPortal>[1] = {},
  methods = ["TAN"],
): Promise<Portal> {
  const portal = openPortal("/profil/einstellungen/passwort", {
    Shell: { portal: shellPortal, viewer: shellViewer },
    ChangePasswordPage: { viewer },
    ChangePassword: approval(methods),
    RequestApprovalTan: sent,
    ...answers,
  });
  await text(portal, "Jetziges Passwort");
  await type("currentPassword", OLD);
  await type("newPassword", NEW);
  press(portal, "Weiter zur Freigabe");
  return portal;
}

async function askForTan(answers: Parameters<typeof openPortal>[1] = {}): Promise<Portal> {
  const portal = await askForApproval(answers);
  await text(portal, "TAN per SMS anfordern");
  press(portal, "TAN per SMS anfordern");
  await text(portal, "SMS an +49 ••• 67");
  return portal;
}

async function sendTan(portal: Portal, tan: string): Promise<void> {
  await type("approvalTan", tan);
  press(portal, "Freigeben");
}

const asked = (portal: Portal, name: string) => portal.asked.filter((one) => one.name === name);
const typedInto = (id: string) => (document.getElementById(id) as HTMLInputElement).value;

test("the dialog shows the server's summary and until when; the TAN executes it", async () => {
  const portal = await askForTan({ ApproveWithTan: approved });
  expect(portal.root.querySelector("dialog")?.textContent).toContain("Ihr Passwort ändern");
  expect(document.getElementById("approvalTan")?.getAttribute("autocomplete")).toBe(
    "one-time-code",
  );
  await sendTan(portal, "123 456");
  await text(portal, "Ihr neues Passwort gilt");
  await text(portal, "Quittung Nr. 17 herunterladen");
  await text(portal, "Auf 2 anderen Geräten haben wir Sie abgemeldet.");
  expect(asked(portal, "ApproveWithTan")[0]?.variables).toEqual({
    input: { approval: "A1", tan: "123456" },
  });
  expect(portal.root.querySelector("dialog")).toBeNull();
});

/** A browser whose person answers the question for the passkey so. */
function browserAnswers(credential: unknown): void {
  vi.stubGlobal("isSecureContext", true);
  vi.stubGlobal("navigator", { credentials: { get: async () => credential } });
  vi.stubGlobal(
    "PublicKeyCredential",
    Object.assign(class {}, { parseRequestOptionsFromJSON: (options: unknown) => options }),
  );
}
const passkeyOptions = {
  approvalPasskeyOptions: { __typename: "ApprovalPasskeyOptions", options: "{}" },
};

test("the passkey comes first where it is possible, a TAN stays the other way", async () => {
  browserAnswers({ toJSON: () => ({ id: "k" }) });
  const portal = await askForApproval(
    {
      ApprovalPasskeyOptions: passkeyOptions,
      ApproveWithPasskey: { approveWithPasskey: approved.approveWithTan },
    },
    ["PASSKEY", "TAN"],
  );
  await text(portal, "Mit Passkey freigeben");
  const buttons = [...portal.root.querySelectorAll("dialog button")].map((b) => b.textContent);
  expect(buttons).toEqual(["Mit Passkey freigeben", "TAN per SMS anfordern", "Abbrechen"]);
  press(portal, "Mit Passkey freigeben");
  await text(portal, "Ihr neues Passwort gilt");
  expect(asked(portal, "ApproveWithPasskey")[0]?.variables).toEqual({
    input: { approval: "A1", credential: '{"id":"k"}' },
  });
  expect(asked(portal, "RequestApprovalTan")).toEqual([]);
});

test("a cancelled passkey leaves both ways open; a refused one says why", async () => {
  browserAnswers(null);
  const portal = await askForApproval({ ApprovalPasskeyOptions: passkeyOptions }, [
    "PASSKEY",
    "TAN",
  ]);
  await text(portal, "Mit Passkey freigeben");
  press(portal, "Mit Passkey freigeben");
  await text(portal, "Sie haben die Freigabe mit Passkey abgebrochen.");
  expect(asked(portal, "ApproveWithPasskey")).toEqual([]);

  browserAnswers({ toJSON: () => ({ id: "another" }) });
  portal.answers.ApproveWithPasskey = refused("approveWithPasskey", "PasskeyRefused");
  press(portal, "Mit Passkey freigeben");
  await text(portal, "Vom Server: PasskeyRefused.");
  expect(asked(portal, "ApprovalPasskeyOptions").length).toBe(2);
  press(portal, "TAN per SMS anfordern");
  await text(portal, "SMS an +49 ••• 67");
});

test("a browser without passkeys says so and offers the TAN", async () => {
  const portal = await askForApproval({}, ["PASSKEY", "TAN"]);
  await text(portal, "Dieser Browser kennt keine Passkeys.");
  const buttons = [...portal.root.querySelectorAll("dialog button")].map((b) => b.textContent);
  expect(buttons).toEqual(["TAN per SMS anfordern", "Abbrechen"]);
});

test("a wrong TAN is told at its field and can be tried again", async () => {
  const portal = await askForTan({
    ApproveWithTan: refused("approveWithTan", "WrongTan", { attemptsLeft: 4 }),
  });
  await sendTan(portal, "123456");
  await text(portal, "Vom Server: WrongTan.");
  expect(document.getElementById("approvalTan-error")?.textContent).toContain("WrongTan");
  portal.answers.ApproveWithTan = approved;
  await sendTan(portal, "654321");
  await text(portal, "Ihr neues Passwort gilt");
});

test("what can't be a TAN is not sent", async () => {
  const portal = await askForTan();
  await sendTan(portal, "12 34");
  await text(portal, "Eine TAN hat 6 Ziffern.");
  expect(asked(portal, "ApproveWithTan")).toEqual([]);
});

test.each(["ApprovalExpired", "ApprovalUsedUp", "Conflict", "NotFound"])(
  "%s ends the approval; the form keeps what was typed",
  async (typename) => {
    const portal = await askForTan({ ApproveWithTan: refused("approveWithTan", typename) });
    await sendTan(portal, "123456");
    await text(portal, "Das ist nicht freigegeben");
    await text(portal, `Vom Server: ${typename}.`);
    press(portal, "Schließen");
    await vi.waitFor(() => expect(portal.root.querySelector("dialog")).toBeNull());
    expect([typedInto("currentPassword"), typedInto("newPassword")]).toEqual([OLD, NEW]);
  },
);

test("too many text messages say from when there are more, with the day", async () => {
  const portal = await askForApproval({
    RequestApprovalTan: refused("requestApprovalTan", "TooManyAttempts", {
      retryAt: "2026-11-22T09:10:00Z",
    }),
  });
  await text(portal, "TAN per SMS anfordern");
  press(portal, "TAN per SMS anfordern");
  await text(portal, "Ab dem 22. November 2026 um 10:10 Uhr können Sie es wieder versuchen.");
});

test("a lost connection keeps the TAN that was typed", async () => {
  const portal = await askForTan({ ApproveWithTan: new Error("no network") });
  await sendTan(portal, "123456");
  await text(portal, "Wir konnten den Server nicht erreichen.");
  expect(typedInto("approvalTan")).toBe("123456");
});

test("a session that ends meanwhile takes the dialog with it", async () => {
  const portal = await askForTan({ ApproveWithTan: refused("approveWithTan", "NotSignedIn") });
  Object.assign(portal.answers, {
    Shell: { portal: shellPortal, viewer: null },
    ChangePasswordPage: { viewer: null },
  });
  await sendTan(portal, "123456");
  await text(portal, "Ihre Sitzung ist beendet");
  expect(portal.root.querySelector("dialog")).toBeNull();
  expect(location.search).toBe("?zurueck=%2Fprofil%2Feinstellungen%2Fpasswort");
});

test("cancelling changes nothing and asks nothing more of the server", async () => {
  const portal = await askForApproval();
  await text(portal, "TAN per SMS anfordern");
  press(portal, "Abbrechen");
  await vi.waitFor(() => expect(portal.root.querySelector("dialog")).toBeNull());
  expect(typedInto("newPassword")).toBe(NEW);
  expect(portal.asked.at(-1)?.name).toBe("ChangePassword");
});

test("an approval on its way can't be cancelled: its outcome would get lost", async () => {
  let answer: ((value: Response) => void) | undefined;
  const portal = await askForTan();
  const usual = fetch;
  vi.stubGlobal("fetch", (url: string, init: RequestInit) =>
    String(init.body).includes("mutation ApproveWithTan")
      ? new Promise<Response>((resolve) => {
          answer = resolve;
        })
      : usual(url, init),
  );
  await sendTan(portal, "123456");
  await vi.waitUntil(() => answer);
  press(portal, "Abbrechen");
  portal.root.querySelector("dialog")?.dispatchEvent(new Event("cancel", { cancelable: true }));
  expect(portal.root.querySelector("dialog")).not.toBeNull();
  answer?.(
    new Response(JSON.stringify({ data: approved }), {
      headers: { "content-type": "application/json" },
    }),
  );
  await text(portal, "Ihr neues Passwort gilt");
});

test("refusals of the operation itself stand at their fields, before any approval", async () => {
  const portal = await askForApproval({
    ChangePassword: {
      changePassword: {
        __typename: "InvalidInput",
        message: "Bitte prüfen.",
        fields: [{ path: ["currentPassword"], message: "Das ist nicht Ihr jetziges Passwort." }],
      },
    },
  });
  await text(portal, "Das ist nicht Ihr jetziges Passwort.");
  expect(document.getElementById("currentPassword-error")).not.toBeNull();
  expect(portal.root.querySelector('[role="alert"] a')?.getAttribute("href")).toBe(
    "#currentPassword",
  );
  expect(portal.root.querySelector("dialog")).toBeNull();
});

test("the last attempt at a TAN ends the approval, those before do not", () => {
  expect(isOver({ __typename: "WrongTan", attemptsLeft: 1 })).toBe(false);
  expect(isOver({ __typename: "WrongTan", attemptsLeft: 0 })).toBe(true);
  expect(isOver({ __typename: "PasskeyRefused" })).toBe(false);
  expect(isOver({ __typename: "TooManyAttempts" })).toBe(false);
});
