// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest";
import { openPortal, type Portal, press, shellPortal, shellViewer, text, type } from "./portal";

afterEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
});

const PATH = "/profil/technische-daten/support";
const REVIEW = "Das geht an den Support";

function known(support: unknown, customerNumbers: unknown[] = []) {
  const diagnostics = {
    __typename: "Diagnostics",
    customerNumbers,
    deviceName: "Firefox · Windows",
    network: "203.0.113.0/24",
    portalVersion: "0.1.0",
    checkedAt: "2026-11-21T09:00:00Z",
  };
  return {
    portal: { ...shellPortal, support },
    viewer: { __typename: "Viewer", id: "V", diagnostics },
  };
}

function answers(support: unknown, customerNumbers: unknown[] = []) {
  return {
    Shell: { portal: shellPortal, viewer: shellViewer },
    Diagnostics: known(support, customerNumbers),
    SupportRequest: known(support, customerNumbers),
  };
}

const desk = { __typename: "SupportDesk", name: "Portal-Support" };
const bank = { __typename: "Institution", id: "I1", name: "Musterland Bank AG" };
const numbers = ["1", "2"].map((number) => ({
  __typename: "CustomerNumber",
  number,
  institution: bank,
}));
const sendings = (portal: Portal) =>
  portal.asked
    .filter(({ name }) => name === "SendSupportRequest")
    .map(({ variables }) => variables.input as Record<string, string | null>);

test.each(["/profil/technische-daten", PATH])(
  "F125 %s of a group without a support desk names customer service",
  async (path) => {
    const portal = openPortal(path, answers(null));
    await text(portal, "Für Fragen zum Portal gibt es hier keinen eigenen Support.");
    await text(portal, "0711 99999900");
    expect(portal.root.querySelector("main form")).toBeNull();
  },
);

test("F125 whoever has no number yet is told so, and can't send any along", async () => {
  const portal = openPortal("/profil/technische-daten", answers(desk));
  await text(portal, "Zu Ihrem Benutzerkonto ist noch keine Nummer hinterlegt.");
  const writing = openPortal(PATH, answers(desk));
  await text(writing, "Was darf mitgehen?");
  expect(writing.root.querySelectorAll("main input[type=checkbox]")).toHaveLength(2);
});

test("F126 F127 what is shown is what is sent, and a lost answer sends the same again", async () => {
  const portal = openPortal(PATH, answers(desk, numbers));
  await text(portal, "Was darf mitgehen?");
  expect(portal.root.querySelectorAll("main input:checked")).toHaveLength(0);
  await type("text", " Leer. ");
  (document.getElementById("along-numbers") as HTMLElement).click();
  await new Promise((resolve) => setTimeout(resolve));
  press(portal, "Nachricht prüfen");
  await text(portal, REVIEW);
  const shown = [...portal.root.querySelectorAll("main pre")].map((one) => one.textContent);
  expect(shown).toEqual(["Leer.", "Kunden- und Versicherungsnummern\nMusterland Bank AG: 1, 2"]);
  press(portal, "An den Support senden");
  await text(portal, "Die Nachricht liegt nur auf diesem Gerät.");

  const later = openPortal(PATH, answers(desk));
  await text(later, REVIEW);
  press(later, "An den Support senden");
  await vi.waitFor(() => expect(sendings(later)).toHaveLength(1));
  expect(sendings(later)).toEqual(sendings(portal));
  expect(sendings(portal)[0]).toMatchObject({ text: shown[0], diagnostics: shown[1] });
});

test("F125 a refusal of the server is told and nothing is kept as a draft", async () => {
  const portal = openPortal(PATH, {
    ...answers(desk),
    SendSupportRequest: {
      sendSupportRequest: {
        __typename: "InvalidInput",
        message: "Bitte prüfen Sie Ihre Angaben.",
        fields: [{ __typename: "FieldError", path: ["text"], message: "Nur sichtbare Zeichen." }],
      },
    },
  });
  await text(portal, "Was darf mitgehen?");
  await type("text", "Leer.");
  press(portal, "Nachricht prüfen");
  await text(portal, "Es gehen keine technischen Daten mit.");
  press(portal, "An den Support senden");
  await text(portal, "Nur sichtbare Zeichen.");
  expect(sendings(portal)[0]?.diagnostics).toBeNull();
  press(portal, "Ändern");
  await text(portal, "Was darf mitgehen?");
  expect((document.getElementById("text") as HTMLTextAreaElement).value).toBe("Leer.");
});

test.each([
  [null, "schreiben wir Ihnen eine E-Mail an anna@musterland.example"],
  ["2026-11-19T08:00:00Z", "Was an anna@musterland.example geht, kommt zurück."],
])("X7 a mail about the answer is promised only where mails arrive (%s)", async (failed, told) => {
  const portal = openPortal(PATH, {
    ...answers(desk),
    AnswerNotice: {
      viewer: {
        __typename: "Viewer",
        id: "V",
        emailAddress: "anna@musterland.example",
        noticeFailedAt: failed,
      },
    },
    SendSupportRequest: {
      sendSupportRequest: {
        __typename: "SupportRequest",
        conversation: { __typename: "Conversation", id: "C", lastMessageAt: null },
        diagnostics: null,
        receipt: { __typename: "Receipt", id: "R", position: 7, downloadUrl: "/receipts/R/q.json" },
      },
    },
  });
  await text(portal, "Was darf mitgehen?");
  await type("text", "Wann?");
  press(portal, "Nachricht prüfen");
  await text(portal, REVIEW);
  press(portal, "An den Support senden");
  await text(portal, "Die Antwort kommt in Ihr Postfach.");
  await text(portal, told);
  expect(portal.root.querySelectorAll('main a[href="/profil/einstellungen/e-mail"]')).toHaveLength(
    failed ? 1 : 0,
  );
});
