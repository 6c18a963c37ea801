// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest";
import { writeToPath } from "../src/lib/paths";
import { openPortal, session, shellPortal, shellViewer, text } from "./portal";

afterEach(() => vi.unstubAllGlobals());

function answers(noticeFailedAt: string | null, endings: unknown[] = []) {
  const documents = { __typename: "DocumentConnection", nodes: [] };
  return {
    Shell: { portal: shellPortal, viewer: shellViewer },
    Overview: {
      portal: shellPortal,
      viewer: {
        __typename: "Viewer",
        id: "V",
        displayName: "Anna Beispiel",
        emailAddress: "anna@musterland.example",
        noticeFailedAt,
        session,
        passkeys: [],
        pendingApprovals: [],
        endings,
        savingsAccounts: [],
        refused: { __typename: "SubmissionConnection", nodes: [] },
        postbox: { __typename: "Postbox", unreadCount: 0, documents },
        selfAdded: {
          __typename: "SelfAddedData",
          contractCount: 0,
          accountCount: 0,
          contracts: [],
          accounts: [],
        },
        toRead: { __typename: "Postbox", documents },
        contracts: {
          __typename: "ContractConnection",
          totalCount: 0,
          pageInfo: { __typename: "PageInfo", hasNextPage: false, endCursor: null },
          nodes: [],
        },
      },
    },
  };
}

test("X7 whoever is reached by mail is promised one", async () => {
  const portal = openPortal("/", answers(null));
  await text(portal, "Alles gelesen. Wenn ein neuer Brief kommt, schreiben wir Ihnen eine E-Mail.");
});

test("X7 whoever is not reached by mail is not promised one", async () => {
  const portal = openPortal("/", answers("2026-11-19T08:00:00Z"));
  await text(portal, "Alles gelesen. Unsere E-Mails erreichen Sie zurzeit nicht.");
  expect(portal.root.textContent).not.toContain("schreiben wir Ihnen eine E-Mail");
});

test("F68 what ends by itself in time is told: a mandate with a way to renew it, a deposit to look at", async () => {
  const contract = (id: string, productName: string) => ({
    __typename: "Contract",
    id,
    number: `N-${id}`,
    productName,
    institution: { __typename: "Institution", id: "I1", name: "Musterland Bank AG" },
  });
  const ending = (kind: string, id: string, productName: string) => ({
    __typename: "Ending",
    kind,
    endsOn: "2026-12-24",
    contract: contract(id, productName),
  });
  const portal = openPortal(
    "/",
    answers(null, [
      ending("DIRECT_DEBIT_MANDATE", "C1", "Hausrat Komfort"),
      ending("FIXED_TERM_DEPOSIT", "C2", "Festgeld 24 Monate"),
    ]),
  );
  await text(portal, "Lastschriftmandat erneuern: Hausrat Komfort");
  await text(portal, "Es gilt bis 24. Dezember 2026");
  await text(portal, "Festgeld 24 Monate läuft aus");
  const hrefs = [...portal.root.querySelectorAll("main section a")].map((one) =>
    one.getAttribute("href"),
  );
  expect(hrefs).toContain(writeToPath("I1", "Lastschriftmandat erneuern: Hausrat Komfort"));
  expect(hrefs).toContain("/konten/C2/vertragsdetails");
});
