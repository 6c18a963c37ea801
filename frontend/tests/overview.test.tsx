// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest";
import { openPortal, session, shellPortal, shellViewer, text } from "./portal";

afterEach(() => vi.unstubAllGlobals());

function answers(noticeFailedAt: string | null) {
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
