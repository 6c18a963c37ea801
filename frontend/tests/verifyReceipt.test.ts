import { readFileSync } from "node:fs";
import { afterEach, expect, test, vi } from "vitest";
import { canVerify, sha256, toHex } from "../src/verify/bytes";
import { type Given, verifyReceipt } from "../src/verify/verifyReceipt";

type Json = Record<string, unknown>;
type Edit = readonly [receipt: number, path: (string | number)[], value: unknown, found: string[]];

/** What the server's code made; `tests/services/test_receipt_verification.py` reads the same. */
const vectors = JSON.parse(readFileSync("../tests/receipt_vectors.json", "utf8")) as {
  readonly receipts: readonly Json[];
  readonly publicKey: Json;
  readonly treeHeads: Json & { readonly heads: readonly Json[] };
  readonly edits: readonly Edit[];
};
const NOTHING: Given = { publicKey: null, treeHeads: null, contentSha256: null };
const EVERYTHING: Given = {
  publicKey: JSON.stringify(vectors.publicKey),
  treeHeads: JSON.stringify(vectors.treeHeads),
  contentSha256: null,
};
const OF_A_FILE = 3;

afterEach(() => void vi.unstubAllGlobals());

function edited(value: unknown, path: readonly (string | number)[], to: unknown): string {
  const copy = structuredClone(value) as Json;
  const steps = [...path];
  const last = steps.pop() ?? "";
  const place = steps.reduce<Json>((node, step) => node[step] as Json, copy);
  place[last] = to;
  return JSON.stringify(copy);
}

test("M1: every genuine receipt is verified, alone and against what is published", async () => {
  for (const receipt of vectors.receipts) {
    const alone = await verifyReceipt(JSON.stringify(receipt), NOTHING);
    expect(alone.problems).toEqual([]);
    expect(alone.left).toContain("PUBLIC_KEY");
    const compared = await verifyReceipt(JSON.stringify(receipt, null, 2), EVERYTHING);
    expect(compared.problems).toEqual([]);
    expect(compared.left.includes("TREE_HEAD")).toBe(receipt.treeHead === null);
  }
});

test("M1: of a thousand random edits each is found, and for the server's reasons", async () => {
  expect(vectors.edits).toHaveLength(1000);
  for (const [index, path, value, found] of vectors.edits) {
    const file = edited(vectors.receipts[index], path, value);
    const { problems } = await verifyReceipt(file, NOTHING);
    expect([path, [...problems].sort()]).toEqual([path, found]);
    expect(found).not.toEqual([]);
  }
}, 60_000);

test("M1: a file is compared with what was submitted", async () => {
  const file = JSON.stringify(vectors.receipts[OF_A_FILE]);
  const right = toHex(await sha256(new TextEncoder().encode(`file ${OF_A_FILE}`)));
  const same = await verifyReceipt(file, { ...NOTHING, contentSha256: right });
  expect([same.problems, same.left.includes("CONTENT")]).toEqual([[], false]);
  const other = await verifyReceipt(file, { ...NOTHING, contentSha256: "0".repeat(64) });
  expect(other.problems).toEqual(["CONTENT"]);
});

test.each([
  [["heads", 2, "consistencyProof", 0], "LOG_REWRITTEN"],
  [["heads", 0, "statement", "rootHash"], "TREE_HEAD_UNPUBLISHED"],
  [["publicKey"], null],
])("M1: published heads with another %j are judged", async (path, problem) => {
  const treeHeads = edited(vectors.treeHeads, path, "0".repeat(64));
  const file = JSON.stringify(vectors.receipts[0]);
  const { problems } = await verifyReceipt(file, { ...EVERYTHING, treeHeads });
  if (problem) expect(problems).toContain(problem);
  else expect(problems).toEqual([]);
});

test("M1: a receipt of another house is told from ours", async () => {
  const publicKey = edited(vectors.publicKey, ["publicKey"], "ab".repeat(32));
  const file = JSON.stringify(vectors.receipts[0]);
  const { problems } = await verifyReceipt(file, { ...NOTHING, publicKey });
  expect(problems).toEqual(["FOREIGN_KEY"]);
});

test.each(["", "{}", "[]", "null", "%PDF-1.7", '{"format":'])("%j is no receipt", async (file) => {
  expect((await verifyReceipt(file, NOTHING)).problems).toEqual(["UNREADABLE"]);
  const genuine = JSON.stringify(vectors.receipts[13]);
  const wrong = { ...NOTHING, publicKey: file, treeHeads: file };
  const { problems } = await verifyReceipt(genuine, wrong);
  expect(problems).toEqual(["PUBLIC_KEY_UNREADABLE", "TREE_HEADS_UNREADABLE"]);
});

test("a browser without Ed25519 or without WebCrypto says so", async () => {
  expect(await canVerify()).toBe(true);
  const importKey = () => Promise.reject(new DOMException("no", "NotSupportedError"));
  vi.stubGlobal("crypto", { subtle: { importKey } });
  expect(await canVerify()).toBe(false);
  vi.stubGlobal("crypto", {});
  expect(await canVerify()).toBe(false);
});
