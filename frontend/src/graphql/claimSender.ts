/** "Senden" in a page: seals what is not sealed yet, sends it, and leaves the rest to the service worker. */
import type { Client } from "@urql/core";
import { type ClaimDraft, type SendingProblem, UNSEALED } from "../lib/claimDraft";
import { placeFor } from "../lib/claimFacts";
import { type ClaimDesk, openDesk } from "./claimFacts";
import { failedFor, type Outbox, type Sent, SYNC_TAG, send, sendWaiting } from "./claimOutbox";
import type { Progress } from "./claimTransfer";

/** What background sync is called where there is one; not every browser's types know it. */
interface WithSync {
  readonly sync?: { register(tag: string): Promise<void> };
}

const RETRY_MS = 15_000;

let timer: ReturnType<typeof setTimeout> | undefined;

/** Sends a draft whose PDF is there; on failure it is kept with the reason. */
export async function sendFromHere(
  client: Client,
  desk: ClaimDesk,
  id: string,
  onProgress?: Progress,
): Promise<Sent> {
  const outbox = { ...desk, client };
  const problem = await sealIfNeeded(client, desk, id);
  if (problem) return { problem };
  let sent = await send(outbox, id, onProgress);
  if (failedFor(sent, "keyExpired")) {
    const again = await sealIfNeeded(client, desk, id);
    sent = again ? { problem: again } : await send(outbox, id, onProgress);
  }
  if (failedFor(sent, "network")) {
    retryLater(outbox);
    await leaveToWorker();
  }
  return sent;
}

/** Goes on with what waits, and again a little later if the network is still missing. */
export async function resume(outbox: Outbox): Promise<void> {
  clearTimeout(timer);
  if (await sendWaiting(outbox)) retryLater(outbox);
}

function retryLater(outbox: Outbox): void {
  clearTimeout(timer);
  timer = setTimeout(() => void resume(outbox), RETRY_MS);
}

/** A fresh key if there is a network; a new seal only if no try can have reached the server. */
async function sealIfNeeded(
  client: Client,
  desk: ClaimDesk,
  id: string,
): Promise<SendingProblem | null> {
  const draft = await desk.drafts.read(id);
  if (!draft || (draft.sending && draft.problem?.kind !== "keyExpired")) return null;
  const newest = await openDesk(client);
  if (newest === "signedOut") return keepProblem(desk, draft, { kind: "signedOut" });
  const { facts } = newest === "failed" ? desk : newest;
  const pdf = await desk.drafts.file(draft, "pdf");
  const { kind, contract } = draft;
  const isPlaced = kind && contract && placeFor(facts, kind, contract);
  if (!facts.key || !isPlaced || !pdf) return keepProblem(desk, draft, { kind: "failed" });
  const binding = {
    key: facts.key,
    contract: contract.id,
    kind,
    format: draft.pages.length > 0 ? ("PHOTOS" as const) : (draft.chosen?.format ?? "PDF"),
    idempotencyKey: crypto.randomUUID(),
  };
  const { seal } = await import("../lib/claimSeal");
  const sealed = await seal(pdf, binding);
  // Discarded meanwhile, it stays discarded.
  if (!(await desk.drafts.read(id))) return { kind: "failed" };
  await desk.drafts.keep(
    { ...draft, ...UNSEALED, sending: binding },
    { put: [[["sealed", id], sealed]] },
  );
  return null;
}

async function keepProblem(
  { drafts }: ClaimDesk,
  draft: ClaimDraft,
  problem: SendingProblem,
): Promise<SendingProblem> {
  await drafts.keep({ ...draft, problem });
  return problem;
}

/** Where there is background sync it goes on with the page closed; elsewhere while a page is open. */
async function leaveToWorker(): Promise<void> {
  const worker = (await navigator.serviceWorker?.getRegistration()) as WithSync | undefined;
  await worker?.sync?.register(SYNC_TAG).catch(() => undefined);
}
