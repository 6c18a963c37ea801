import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { analyseModule, composeDocument, documentId } from "../build/persistedDocuments";

const sources: Record<string, string> = {
  "/a.tsx": "const A = graphql(`query A { viewer { ...F ...G } }`, [F, G]);",
};

function read(file: string) {
  const module = analyseModule(file, sources[file] ?? "");
  if (file !== "/a.tsx") return module;
  const imports = new Map([
    ["F", ["/f.tsx", "F"] as const],
    ["G", ["/f.tsx", "G"] as const],
  ]);
  return { ...module, imports };
}

test("a document holds each fragment once, even if it is reached twice", () => {
  sources["/f.tsx"] =
    "const G = graphql(`fragment G on V { id }`); const F = graphql(`fragment F on V { ...G }`, [G]);";
  expect(composeDocument("/a.tsx", "A", read)).toBe(
    "query A {\n  viewer {\n    ...F\n    ...G\n    __typename\n  }\n}\n\n" +
      "fragment F on V {\n  ...G\n  __typename\n}\n\nfragment G on V {\n  id\n  __typename\n}",
  );
});

test("the id is the SHA-256 of exactly the text in the manifest", () => {
  const digest = createHash("sha256").update("{ a }").digest("hex");
  expect(documentId("{ a }")).toBe(`sha256:${digest}`);
});

test("a fragment that cannot be found stops the build", () => {
  sources["/f.tsx"] = "const F = graphql(`fragment F on V { id }`);";
  expect(() => composeDocument("/a.tsx", "A", read)).toThrow("no graphql() constant named G");
});

test("a text with a placeholder stops the build", () => {
  expect(() => analyseModule("/b.tsx", "const B = graphql(`query { $" + "{x} }`);")).toThrow(
    "must be a template literal without",
  );
});

test("the start page's own document is composed from its components", () => {
  const text = composeDocument(resolve("src/features/overview/OverviewPage.tsx"), "OverviewQuery");
  expect(text.match(/fragment ContractRow /g)).toHaveLength(1);
  expect(text).toContain("fragment OverviewPostbox on Postbox");
});
