/** Claims on their way: sealed once, then sent until the server has them, here or in the service worker (F60). */
import type { Client } from "@urql/core";
import { type ClaimDraft, isWaiting, type SendingProblem } from "../lib/claimDraft";
import type { ClaimDrafts } from "../lib/claimDrafts";
import type { SealBinding } from "../lib/claimSeal";
import { type Progress, SendingFailed, transfer } from "./claimTransfer";

/** Under which the service worker is asked to go on. */
export const SYNC_TAG = "kundenportal-claims";

export interface Outbox {
  readonly drafts: ClaimDrafts;
  readonly client: Client;
  /** Whose drafts they are; nothing is sent in anybody else's session. */
  readonly account: string;
}

export type Sent =
  | { readonly claim: string }
  /** Kept: "Ihr gespeichertes PDF" stays, with the reason. */
  | { readonly problem: SendingProblem }
  /** Somebody else is at it, in another tab or in the service worker; or nothing was sealed. */
  | null;

/** Sends a draft that was sealed; what fails is kept with the reason. */
export function send(
  outbox: Outbox,
  id: string,
  onProgress: Progress = () => undefined,
): Promise<Sent> {
  const lock = `kundenportal-claim ${id}`;
  return navigator.locks.request(lock, { ifAvailable: true }, async (held) => {
    const draft = held && (await outbox.drafts.read(id));
    return draft?.sending ? sendSealed(outbox, draft, draft.sending, onProgress) : null;
  });
}

/** Sends whatever waits; true if something still lacks a network. */
export async function sendWaiting(outbox: Outbox): Promise<boolean> {
  let lacksNetwork = false;
  for (const draft of (await outbox.drafts.all()).filter(isWaiting)) {
    const sent = await send(outbox, draft.id);
    lacksNetwork ||= failedFor(sent, "network");
  }
  return lacksNetwork;
}

export function failedFor(sent: Sent, kind: SendingProblem["kind"]): boolean {
  return sent !== null && "problem" in sent && sent.problem.kind === kind;
}

async function sendSealed(
  { drafts, client, account }: Outbox,
  draft: ClaimDraft,
  sending: SealBinding,
  onProgress: Progress,
): Promise<Sent> {
  let newest = draft;
  const keep = async (values: Partial<ClaimDraft>) => {
    newest = await drafts.keep({ ...newest, ...values });
  };
  try {
    const sealed = await drafts.file(draft, "sealed");
    if (!sealed) throw new Error("What was sealed is gone");
    const claim = await transfer({
      client,
      account,
      binding: sending,
      sealed,
      upload: draft.upload,
      onUpload: (upload) => keep({ upload }),
      onProgress,
    });
    await drafts.discard(draft, { claim });
    return { claim };
  } catch (error) {
    const problem: SendingProblem =
      error instanceof SendingFailed ? error.problem : { kind: "failed" };
    // Discarded meanwhile, it stays discarded.
    if (await drafts.read(draft.id)) await keep({ problem });
    return { problem };
  }
}
