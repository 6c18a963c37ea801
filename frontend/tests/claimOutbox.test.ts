import { createClient, fetchExchange } from "@urql/core";
import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Outbox, send, sendWaiting } from "../src/graphql/claimOutbox";
import type { ClaimDraft } from "../src/lib/claimDraft";
import { ClaimDrafts } from "../src/lib/claimDrafts";
import type { SealBinding } from "../src/lib/claimSeal";

const PART = 4;
const SEALED = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
const BINDING: SealBinding = {
  key: { id: "K1", publicKey: "", algorithm: "X25519" },
  contract: "C1",
  kind: "PRESCRIPTION",
  format: "PHOTOS",
  idempotencyKey: "0b5f3c1e-6a0e-4a4e-9d0f-3f6f5a1c2b7d",
};

/** A server that keeps parts; `fail` may answer in its place. */
class Server {
  viewer: string | null = "A1";
  submitted: Record<string, unknown> = { __typename: "Claim", id: "CL1" };
  readonly documents = new Map<string, number[]>();
  readonly inputs: Record<string, unknown>[] = [];
  readonly spoken: string[] = [];
  fail: (method: string, offset: string | null) => Response | Error | null = () => null;

  readonly fetch = async (
    url: string | URL | Request,
    init: RequestInit = {},
  ): Promise<Response> => {
    const method = init.method ?? "GET";
    const offset = new Headers(init.headers).get("Upload-Offset");
    const failure = this.fail(method, offset);
    if (failure instanceof Error) throw failure;
    if (failure) return failure;
    if (String(url).startsWith("/claim-documents/")) {
      const kept = this.documents.get(String(url));
      if (!kept) return new Response(null, { status: 404 });
      if (method === "PATCH" && Number(offset) === kept.length) {
        kept.push(...new Uint8Array(init.body as ArrayBuffer));
      }
      return new Response(null, { headers: { "Upload-Offset": String(kept.length) } });
    }
    this.spoken.push(String(init.body));
    return Response.json({ data: this.answer(String(init.body)) });
  };

  private answer(body: string): unknown {
    const { query, variables } = JSON.parse(body);
    if (query.includes("query ClaimSender")) {
      return { viewer: this.viewer && { __typename: "Viewer", id: this.viewer } };
    }
    this.inputs.push(variables.input);
    if (query.includes("mutation SubmitClaim")) return { submitClaim: this.submitted };
    const id = `D${this.documents.size + 1}`;
    this.documents.set(`/claim-documents/${id}`, []);
    const uploadUrl = `/claim-documents/${id}`;
    return { startClaimDocument: { __typename: "ClaimDocument", id, uploadUrl, partSize: PART } };
  }
}

let server: Server;
let outbox: Outbox;
let draft: ClaimDraft;

beforeEach(async () => {
  vi.stubGlobal("indexedDB", new IDBFactory());
  vi.stubGlobal("IDBKeyRange", IDBKeyRange);
  vi.stubGlobal("isSecureContext", true);
  const locks = {
    request: (_name: string, _how: unknown, use: (held: unknown) => unknown) => use({}),
  };
  vi.stubGlobal("navigator", { locks });
  server = new Server();
  vi.stubGlobal("fetch", server.fetch);
  const client = createClient({
    url: "http://portal.example/graphql",
    preferGetMethod: false,
    exchanges: [fetchExchange],
  });
  const drafts = await ClaimDrafts.open("A1");
  const begun = await drafts.begin({ kind: "PRESCRIPTION", title: "Streng geheim", hasPdf: true });
  draft = await drafts.keep(
    { ...begun, sending: BINDING },
    { put: [[["sealed", begun.id], SEALED]] },
  );
  outbox = { client, drafts, account: "A1" };
});
afterEach(() => vi.unstubAllGlobals());

const kept = () => outbox.drafts.read(draft.id);
const uploaded = () => [...server.documents.values()];

test("F60 a sealed claim goes in parts, and nothing of it stays but the customer's own title", async () => {
  const told: [number, number][] = [];
  const sent = await send(outbox, draft.id, (part, parts) => told.push([part, parts]));
  expect(sent).toEqual({ claim: "CL1" });
  expect(uploaded()).toEqual([[...SEALED]]);
  expect(told).toEqual([
    [1, 3],
    [2, 3],
    [3, 3],
  ]);
  const { key, ...named } = BINDING;
  expect(server.inputs.at(-1)).toEqual({ ...named, document: "D1", key: key.id });
  expect(await kept()).toBe(null);
  expect(await outbox.drafts.file(draft, "sealed")).toBe(null);
  expect((await outbox.drafts.titles()).get("CL1")).toBe("Streng geheim");
  expect(await outbox.drafts.sent(draft.id)).toEqual({ claim: "CL1", title: "Streng geheim" });
});

test("F62 the title is in no request", async () => {
  await send(outbox, draft.id);
  expect(server.spoken).toHaveLength(3);
  expect(server.spoken.join()).not.toContain("geheim");
});

test("F58 F60 a lost connection is told as such; the next try goes on with the same bytes and key", async () => {
  server.fail = (_method, offset) => (offset === "4" ? new TypeError("Failed to fetch") : null);
  expect(await send(outbox, draft.id)).toEqual({ problem: { kind: "network" } });
  expect((await kept())?.problem).toEqual({ kind: "network" });
  expect(uploaded()).toEqual([[1, 2, 3, 4]]);
  server.fail = () => null;
  expect(await sendWaiting(outbox)).toBe(false);
  expect(uploaded()).toEqual([[...SEALED]]);
  expect(server.inputs).toHaveLength(2);
  expect(server.inputs.at(-1)).toMatchObject({ idempotencyKey: BINDING.idempotencyKey });
});

test("F60 a lost answer to the submission is asked for again under the same key", async () => {
  const { fetch: losing } = server;
  vi.stubGlobal("fetch", async (...request: Parameters<typeof losing>) => {
    const answer = await losing(...request);
    if (server.inputs.length === 2) throw new TypeError("Failed to fetch");
    return answer;
  });
  expect(await send(outbox, draft.id)).toEqual({ problem: { kind: "network" } });
  vi.stubGlobal("fetch", server.fetch);
  expect(await send(outbox, draft.id)).toEqual({ claim: "CL1" });
  const [, first, second] = server.inputs;
  expect(second).toEqual(first);
  expect(server.documents.size).toBe(1);
});

test("F60 an upload that the server has forgotten begins anew, with the same bytes", async () => {
  server.fail = (_method, offset) => (offset === "4" ? new TypeError("Failed to fetch") : null);
  await send(outbox, draft.id);
  server.fail = () => null;
  server.documents.delete("/claim-documents/D1");
  server.documents.set("/claim-documents/unrelated", []);
  expect(await send(outbox, draft.id)).toEqual({ claim: "CL1" });
  expect(server.documents.get("/claim-documents/D2")).toEqual([...SEALED]);
});

test.each([
  ["failed", new Response(null, { status: 503 })],
  ["failed", new Response(null, { status: 422 })],
  ["failed", new Response(null, { status: 200 })],
  ["signedOut", new Response(null, { status: 401 })],
] as const)("F59 another reason than the network is told apart: %s", async (kind, response) => {
  server.fail = (method) => (method === "PATCH" ? response : null);
  expect(await send(outbox, draft.id)).toEqual({ problem: { kind } });
  expect((await kept())?.problem).toEqual({ kind });
  expect(server.inputs).toHaveLength(1);
});

test("F59 a server that keeps nothing is not asked for ever", async () => {
  server.fail = (method) =>
    method === "PATCH" ? new Response(null, { headers: { "Upload-Offset": "0" } }) : null;
  expect(await send(outbox, draft.id)).toEqual({ problem: { kind: "failed" } });
});

test("F59 a refusal is kept in the server's words and does not go on by itself", async () => {
  server.submitted = { __typename: "ContractNotEligible", message: "Das geht nicht." };
  const problem = { kind: "refused", message: "Das geht nicht." };
  expect(await send(outbox, draft.id)).toEqual({ problem });
  expect(await sendWaiting(outbox)).toBe(false);
  expect(server.inputs).toHaveLength(2);
  expect((await kept())?.problem).toEqual(problem);
});

test("M5 an old key asks to be sealed again", async () => {
  server.submitted = { __typename: "ClaimsKeyExpired", message: "…" };
  expect(await send(outbox, draft.id)).toEqual({ problem: { kind: "keyExpired" } });
});

test.each([null, "A2"])(
  "F63 nothing is sent in the session of nobody or somebody else: %s",
  async (viewer) => {
    server.viewer = viewer;
    expect(await send(outbox, draft.id)).toEqual({ problem: { kind: "signedOut" } });
    expect(server.inputs).toEqual([]);
    expect(await kept()).not.toBe(null);
  },
);

test("what was discarded while it was on its way stays discarded", async () => {
  server.fail = (method) => {
    if (method !== "HEAD") return null;
    void outbox.drafts.discard(draft);
    return new Response(null, { status: 503 });
  };
  await send(outbox, draft.id);
  expect(await kept()).toBe(null);
});

test("of two tabs only one sends", async () => {
  const locks = {
    request: (_name: string, _how: unknown, use: (held: unknown) => unknown) => use(null),
  };
  vi.stubGlobal("navigator", { locks });
  expect(await send(outbox, draft.id)).toBe(null);
  expect(server.spoken).toEqual([]);
});

test("a draft that is not sealed is never sent by itself", async () => {
  await outbox.drafts.discard(draft);
  await outbox.drafts.begin({ kind: "PRESCRIPTION", hasPdf: true });
  expect(await sendWaiting(outbox)).toBe(false);
  expect(server.spoken).toEqual([]);
});

test("F12 with the account goes what its devices hold; another account keeps its drafts", async () => {
  const other = await ClaimDrafts.open("A2");
  const theirs = await other.begin({ title: "other" });
  await ClaimDrafts.destroyOf("A1");
  expect(await ClaimDrafts.find("A1")).toBe(null);
  expect((await (await ClaimDrafts.find("A2"))?.all())?.map(({ id }) => id)).toEqual([theirs.id]);
});

test("looking for drafts where there are none keeps nothing", async () => {
  vi.stubGlobal("indexedDB", new IDBFactory());
  expect(await ClaimDrafts.find("A9")).toBe(null);
  expect(await indexedDB.databases()).toEqual([]);
  const before = await ClaimDrafts.open("A1");
  expect(await before.all()).toEqual([]);
  expect(await ClaimDrafts.find("A9")).toBe(null);
});
