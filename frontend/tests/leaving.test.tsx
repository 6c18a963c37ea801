// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest";
import { openPortal, press, shellPortal, shellViewer, text } from "./portal";

afterEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
});

const agreement = {
  __typename: "UserAgreement",
  concludedAt: "2026-12-11T14:00:00Z",
  lastWithdrawalDate: "2026-12-28",
};
const over = { ...agreement, lastWithdrawalDate: null };

function withdrawing(userAgreement: typeof agreement | typeof over) {
  return {
    Shell: { portal: shellPortal, viewer: { ...shellViewer, userAgreement } },
    WithdrawPage: {
      portal: shellPortal,
      viewer: { ...shellViewer, emailAddress: "wilma@example.org", userAgreement },
    },
  };
}

function deleting(lockedRecords: unknown[], result: unknown) {
  return {
    Shell: { portal: shellPortal, viewer: shellViewer },
    DeleteAccountPage: {
      viewer: {
        ...shellViewer,
        emailAddress: "anna@example.org",
        deletionPreview: {
          __typename: "DeletionPreview",
          contractCount: 3,
          documentCount: 7,
          lockedRecords,
        },
      },
    },
    DeleteUserAccount: { deleteUserAccount: result },
  };
}

const refused = { __typename: "TooManyAttempts", message: "Zu oft.", retryAt: "2026-11-21T12:00Z" };

test("F5 the footer leads to the withdrawal while it is possible, with its last day", async () => {
  const portal = openPortal("/profil/einstellungen/widerruf", withdrawing(agreement));
  await text(portal, "Widerruf bestätigen");
  const link = portal.root.querySelector<HTMLAnchorElement>("footer a[href$=widerruf]");
  expect(link?.textContent).toBe("Vertrag widerrufen (bis 28. Dezember 2026)");
  expect(portal.root.textContent).toContain("geschlossen am 11. Dezember 2026");
});

test("F5 after the last day the page says what remains, and no link leads to it", async () => {
  const portal = openPortal("/profil/einstellungen/widerruf", withdrawing(over));
  await text(portal, "Die Frist für den Widerruf ist vorbei");
  expect(portal.root.querySelector("footer a[href$=widerruf]")).toBeNull();
  expect(portal.root.querySelector("main form")).toBeNull();
  expect(portal.root.querySelector("main a[href$=benutzerkonto-loeschen]")).not.toBeNull();
});

test("F5 a refusal that comes at midnight stands on the page, and nobody is signed out", async () => {
  const late = {
    __typename: "WithdrawalPeriodOver",
    message: "Die Frist ist am 28. Dezember 2026 abgelaufen.",
  };
  const portal = openPortal("/profil/einstellungen/widerruf", {
    ...withdrawing(agreement),
    WithdrawFromAgreement: { withdrawFromAgreement: late },
  });
  await text(portal, "Widerruf bestätigen");
  press(portal, "Widerruf bestätigen");
  await text(portal, late.message);
  expect(location.pathname).toBe("/profil/einstellungen/widerruf");
});

test("F6 what goes and what stays locked until when is told before anything is asked", async () => {
  const locked = [
    {
      __typename: "LockedRecords",
      kind: "ACCOUNTING",
      institution: "Musterland Bank AG",
      endDate: "2036-12-31",
    },
  ];
  const portal = openPortal(
    "/profil/einstellungen/benutzerkonto-loeschen",
    deleting(locked, refused),
  );
  await text(portal, "Kontoauszüge und Umsätze");
  await text(portal, "bis 31. Dezember 2036");
  await text(portal, "eine signierte Bestätigung geht an anna@example.org");
  expect(portal.root.querySelector("main a[href$=daten]")).not.toBeNull();
  expect(portal.asked.map(({ name }) => name)).not.toContain("DeleteUserAccount");
  press(portal, "Weiter zur Freigabe");
  await text(portal, "Zu oft.");
});

test("F6 nothing that stays is said, too", async () => {
  const portal = openPortal("/profil/einstellungen/benutzerkonto-loeschen", deleting([], refused));
  await text(portal, "Von Ihnen bleibt im Portal nichts gespeichert.");
});
