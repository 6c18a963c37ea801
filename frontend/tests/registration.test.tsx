// @vitest-environment happy-dom
import { render } from "preact";
import { afterEach, expect, test, vi } from "vitest";
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
  // Whoever leaves registration leaves nothing typed behind.
  history.replaceState(null, "", "/");
  render(null, document.body.firstElementChild as Element);
  vi.unstubAllGlobals();
  localStorage.clear();
  sessionStorage.clear();
});

const shell = { Shell: { portal: shellPortal, viewer: null } };
const terms = (postboxHash = "b".repeat(64)) => ({
  terms: [
    { kind: "PORTAL", title: "Nutzungsbedingungen", sha256: "a".repeat(64) },
    { kind: "POSTBOX", title: "Postfachbedingungen", sha256: postboxHash },
  ].map((one) => ({
    __typename: "TermsOfUse",
    version: "1",
    startDate: "2026-01-01",
    text: "",
    ...one,
  })),
});
const started = {
  startRegistration: {
    __typename: "RegistrationStarted",
    emailAddress: "nele@neu.example",
    expiresAt: "2026-11-22T08:00:00Z",
  },
};
const typed = {
  emailAddress: "nele@neu.example",
  phoneNumber: "0151 23456789",
  password: "Vier Störche auf dem Dach",
  givenName: "Nele",
  familyName: "Neu",
  birthDate: "28.2.1970",
};

async function fill(portal: Portal): Promise<void> {
  await text(portal, "Schritt 1 von 3");
  await vi.waitUntil(() => document.getElementById("postboxTerms"));
  for (const [id, value] of Object.entries(typed)) await type(id, value);
  for (const id of ["portalTerms", "postboxTerms"]) document.getElementById(id)?.click();
  await new Promise((resolve) => setTimeout(resolve));
}

const asked = (portal: Portal, name: string) => portal.asked.filter((one) => one.name === name);

test("what is sent are a civil date and the hashes of exactly the texts shown", async () => {
  const portal = openPortal("/registrieren", {
    ...shell,
    Terms: terms(),
    StartRegistration: started,
  });
  await fill(portal);
  press(portal, "Weiter");
  await text(portal, "eine E-Mail an nele@neu.example geschickt");
  const expected = {
    ...typed,
    birthDate: "1970-02-28",
    portalTerms: "a".repeat(64),
    postboxTerms: "b".repeat(64),
  };
  expect(asked(portal, "StartRegistration")[0]?.variables).toEqual({ input: expected });

  press(portal, "Noch einmal senden");
  await text(portal, "noch eine E-Mail");
  expect(asked(portal, "StartRegistration")[1]?.variables).toEqual({ input: expected });
});

test("what nobody agreed to is not sent, and the boxes are not ticked beforehand", async () => {
  const portal = openPortal("/registrieren", { ...shell, Terms: terms() });
  await vi.waitUntil(() => document.getElementById("postboxTerms"));
  press(portal, "Weiter");
  await text(portal, "Bitte prüfen Sie Ihre Angaben");
  const links = [...portal.root.querySelectorAll('[role="alert"] a')];
  expect(links.map((link) => link.getAttribute("href"))).toEqual([
    ...Object.keys(typed).map((field) => `#${field}`),
    "#portalTerms",
    "#postboxTerms",
  ]);
  expect(asked(portal, "StartRegistration")).toEqual([]);
});

test("a text that changed meanwhile is shown anew and its box is empty again", async () => {
  const portal = openPortal("/registrieren", {
    ...shell,
    Terms: terms(),
    StartRegistration: {
      startRegistration: {
        __typename: "InvalidInput",
        message: "Bitte prüfen.",
        fields: [
          {
            __typename: "FieldError",
            path: ["postboxTerms"],
            message: "Es gibt eine neue Fassung.",
          },
        ],
      },
    },
  });
  await fill(portal);
  Object.assign(portal.answers, { Terms: terms("c".repeat(64)) });
  press(portal, "Weiter");
  await vi.waitUntil(() => asked(portal, "Terms").length === 2);
  await text(portal, "Es gibt eine neue Fassung.");
  const box = (id: string) => (document.getElementById(id) as HTMLInputElement).checked;
  expect([box("portalTerms"), box("postboxTerms")]).toEqual([true, false]);
  expect((document.getElementById("givenName") as HTMLInputElement).value).toBe("Nele");

  Object.assign(portal.answers, { StartRegistration: started });
  document.getElementById("postboxTerms")?.click();
  await new Promise((resolve) => setTimeout(resolve));
  press(portal, "Weiter");
  await text(portal, "Sehen Sie in Ihr E-Mail-Postfach");
  const [, second] = asked(portal, "StartRegistration");
  expect(second?.variables.input).toMatchObject({ postboxTerms: "c".repeat(64) });
});

test("the link is spent by a press, never by opening the page, and leaves the address bar", async () => {
  const portal = openPortal("/confirm-registration#geheim", {
    ...shell,
    ConfirmRegistrationAddress: {
      confirmRegistrationAddress: {
        __typename: "RegistrationAddressConfirmed",
        registration: "r1",
        maskedPhoneNumber: "+49 ••• 89",
      },
    },
    SendRegistrationTan: {
      sendRegistrationTan: {
        __typename: "RegistrationTanSent",
        maskedPhoneNumber: "+49 ••• 89",
        expiresAt: "2026-11-21T08:10:00Z",
      },
    },
    CompleteRegistration: {
      completeRegistration: { __typename: "WrongTan", message: "Falsch.", attemptsLeft: 0 },
    },
  });
  await text(portal, "Schritt 2 von 3");
  expect(location.href).not.toContain("geheim");
  await vi.waitFor(() => expect(portal.asked.map(({ name }) => name)).toEqual(["Shell"]));
  press(portal, "Weiter");
  await text(portal, "Schritt 3 von 3");
  expect(asked(portal, "ConfirmRegistrationAddress")[0]?.variables).toEqual({
    input: { token: "geheim" },
  });
  expect(sessionStorage.getItem("kundenportal.registration")).not.toContain("geheim");

  press(portal, "TAN senden");
  await text(portal, "TAN aus der SMS");
  expect(document.getElementById("tan")?.getAttribute("autocomplete")).toBe("one-time-code");
  await type("tan", "123 456");
  press(portal, "Benutzerkonto eröffnen");
  await text(portal, "Fordern Sie eine neue an.");

  Object.assign(portal.answers, {
    Shell: { portal: shellPortal, viewer: shellViewer },
    CompleteRegistration: {
      completeRegistration: {
        __typename: "SignedIn",
        viewer: { __typename: "Viewer", id: "V", session },
      },
    },
  });
  await type("tan", "654321");
  press(portal, "Benutzerkonto eröffnen");
  await text(portal, "Ihr Benutzerkonto ist eröffnet");
  expect(asked(portal, "CompleteRegistration")[1]?.variables).toEqual({
    input: { registration: "r1", tan: "654321" },
  });
  expect(sessionStorage.getItem("kundenportal.registration")).toBeNull();
});

test("a refused registration is forgotten and says the two ways on", async () => {
  sessionStorage.setItem(
    "kundenportal.registration",
    JSON.stringify({ registration: "r1", maskedPhoneNumber: "+49 ••• 89" }),
  );
  const portal = openPortal("/confirm-registration", {
    ...shell,
    SendRegistrationTan: {
      sendRegistrationTan: { __typename: "RegistrationRefused", message: "Gilt nicht mehr." },
    },
  });
  await text(portal, "Schritt 3 von 3");
  press(portal, "TAN senden");
  await text(portal, "Gilt nicht mehr.");
  expect(sessionStorage.getItem("kundenportal.registration")).toBeNull();
  const ways = [...portal.root.querySelectorAll("main a")].map((a) => a.getAttribute("href"));
  expect(ways).toEqual(["/registrieren", "/anmelden"]);
});
