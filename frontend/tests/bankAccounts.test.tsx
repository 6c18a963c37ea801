// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest";
import { openPortal, shellPortal, shellViewer, text } from "./portal";

afterEach(() => vi.unstubAllGlobals());

const institution = { __typename: "Institution", id: "I1", name: "Musterland Sachversicherung AG" };

function contract(number: number) {
  return {
    __typename: "InsuranceContract",
    id: `C${number}`,
    number: `S-${number}`,
    productName: `Vertrag ${number}`,
    status: "ACTIVE",
    institution,
    lineOfBusiness: "LIABILITY",
    account: null,
  };
}

function page(first: number, last: number, endCursor: string | null) {
  return {
    portal: shellPortal,
    viewer: {
      __typename: "Viewer",
      id: "V",
      displayName: "Anna Beispiel",
      contracts: {
        __typename: "ContractConnection",
        pageInfo: { __typename: "PageInfo", endCursor, hasNextPage: endCursor !== null },
        nodes: Array.from({ length: last - first + 1 }, (_, index) => contract(first + index)),
      },
    },
  };
}

function pageAfter({ after }: Record<string, unknown>) {
  return after ? page(51, 53, null) : page(1, 50, "after50");
}

test("F36 every contract is offered, however many pages they take", async () => {
  const portal = openPortal("/services/bankverbindung", {
    Shell: { portal: shellPortal, viewer: shellViewer },
    BankDetails: pageAfter,
  });
  await text(portal, "Vertrag 53");
  expect(portal.root.querySelectorAll("main input[type=checkbox]")).toHaveLength(53);
  const asked = portal.asked.filter(({ name }) => name === "BankDetails");
  expect(asked.map(({ variables }) => variables.after)).toEqual([null, "after50"]);
});
