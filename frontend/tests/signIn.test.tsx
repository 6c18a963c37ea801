// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest";
import { openPortal, press, session, shellPortal, shellViewer, text, type } from "./portal";

afterEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
});

const signedOut = {
  Shell: { portal: shellPortal, viewer: null },
  Services: { portal: shellPortal, viewer: null },
};
const signedIn = {
  Shell: { portal: shellPortal, viewer: shellViewer },
  Services: { portal: shellPortal, viewer: { __typename: "Viewer", id: "V" } },
};
const tanRequired = {
  signInWithPassword: {
    __typename: "TanRequired",
    challenge: "c1",
    maskedPhoneNumber: "+49 ••• 67",
    expiresAt: "2026-11-21T08:10:00Z",
  },
};

test("a visitor without a session signs in with password and TAN and lands where he wanted to go", async () => {
  const portal = openPortal("/services", { ...signedOut, SignInWithPassword: tanRequired });
  await text(portal, "Mit Passwort und TAN");
  expect(location.search).toBe("?zurueck=%2Fservices");
  await type("emailAddress", "anna@beispiel.example");
  await type("password", "geheim");
  press(portal, "Weiter");
  await text(portal, "SMS an +49 ••• 67");

  Object.assign(portal.answers, signedIn, {
    ConfirmSignIn: {
      confirmSignIn: { __typename: "SignedIn", viewer: { __typename: "Viewer", id: "V", session } },
    },
  });
  await type("tan", "123 456");
  press(portal, "Anmelden");
  await text(portal, "Was Sie hier selbst erledigen können");
  expect(location.pathname).toBe("/services");
  expect(portal.asked.find(({ name }) => name === "ConfirmSignIn")?.variables).toEqual({
    input: { challenge: "c1", tan: "123456" },
  });
});

test("a refused sign-in shows the server's sentence and keeps what was typed", async () => {
  const portal = openPortal("/anmelden", {
    ...signedOut,
    SignInWithPassword: {
      signInWithPassword: { __typename: "SignInRefused", message: "Das hat nicht gepasst." },
    },
  });
  await text(portal, "Mit Passwort und TAN");
  await type("emailAddress", "anna@beispiel.example");
  await type("password", "falsch");
  press(portal, "Weiter");
  await text(portal, "Das hat nicht gepasst.");
  expect((document.getElementById("emailAddress") as HTMLInputElement).value).toBe(
    "anna@beispiel.example",
  );
});

test("too many attempts say from when it makes sense to try again, in Berlin", async () => {
  const portal = openPortal("/anmelden", {
    ...signedOut,
    SignInWithPassword: {
      signInWithPassword: {
        __typename: "TooManyAttempts",
        message: "Zu viele Versuche.",
        retryAt: "2026-11-21T09:10:00Z",
      },
    },
  });
  await text(portal, "Mit Passwort und TAN");
  await type("emailAddress", "anna@beispiel.example");
  await type("password", "falsch");
  press(portal, "Weiter");
  await text(
    portal,
    "Zu viele Versuche. Ab dem 21. November 2026 um 10:10 Uhr können Sie es wieder versuchen.",
  );
});

test("an empty form is not sent; the summary links to both fields", async () => {
  const portal = openPortal("/anmelden", signedOut);
  await text(portal, "Mit Passwort und TAN");
  press(portal, "Weiter");
  await text(portal, "Bitte prüfen Sie Ihre Angaben");
  const links = [...portal.root.querySelectorAll('[role="alert"] a')].map((a) =>
    a.getAttribute("href"),
  );
  expect(links).toEqual(["#emailAddress", "#password"]);
  await vi.waitFor(() => expect(portal.asked.map(({ name }) => name)).toEqual(["Shell"]));
});

test("fields carry the names by which password managers and phones fill them", async () => {
  const portal = openPortal("/anmelden", { ...signedOut, SignInWithPassword: tanRequired });
  await text(portal, "Mit Passwort und TAN");
  const filledBy = (id: string) => document.getElementById(id)?.getAttribute("autocomplete");
  expect([filledBy("emailAddress"), filledBy("password")]).toEqual([
    "username",
    "current-password",
  ]);
  await type("emailAddress", "a@b.example");
  await type("password", "x");
  press(portal, "Weiter");
  await text(portal, "TAN aus der SMS");
  expect(filledBy("tan")).toBe("one-time-code");
});

test("when the session has ended, the sign-in page says so and returns to the same place", async () => {
  const portal = openPortal("/services", { ...signedIn });
  await text(portal, "Was telefonisch oder per E-Mail geht");
  await vi.waitUntil(() => portal.root.querySelector('a[href="/profil"]'));
  Object.assign(portal.answers, {
    ...signedOut,
    Profile: { viewer: null },
  });
  (portal.root.querySelector('a[href="/profil"]') as HTMLElement).click();
  await text(portal, "Ihre Sitzung ist beendet");
  expect(location.search).toBe("?zurueck=%2Fprofil");
});

test("a page that could not be loaded offers to try again", async () => {
  const portal = openPortal("/services", { ...signedIn, Services: new Error("no network") });
  await text(portal, "Das hat nicht geklappt");
  Object.assign(portal.answers, signedIn);
  press(portal, "Erneut versuchen");
  await text(portal, "Was telefonisch oder per E-Mail geht");
});

test("signing out ends the session, says so and leaves nothing of it on the page", async () => {
  const portal = openPortal("/profil", {
    ...signedIn,
    Profile: {
      viewer: {
        __typename: "Viewer",
        id: "V",
        displayName: "Anna Beispiel",
        emailAddress: "anna@beispiel.example",
      },
    },
    SignOut: { signOut: { __typename: "SignedOut", isSignedOut: true } },
  });
  await text(portal, "Anna Beispiel, anna@beispiel.example");
  Object.assign(portal.answers, signedOut);
  press(portal, "Abmelden");
  await text(portal, "Sie sind abgemeldet");
  expect(portal.root.textContent).not.toContain("Anna");
});

test("the other language is one press away, stays on this device and reaches the server", async () => {
  const portal = openPortal("/services", { ...signedIn });
  await text(portal, "Was Sie hier selbst erledigen können");
  (portal.root.querySelector('header button[lang="en"]') as HTMLElement).click();
  await text(portal, "What you can do here yourself");
  expect(document.documentElement.lang).toBe("en");
  expect(localStorage.getItem("kundenportal.locale")).toBe("en");
});
