/** Brings a sealed file to the server in parts and submits the claim; every step can be repeated (F58 F59 F60). */
import type { Client, CombinedError } from "@urql/core";
import type { ClaimUpload, SendingProblem } from "../lib/claimDraft";
import type { SealBinding } from "../lib/claimSeal";
import { graphql } from "./graphql";

const ClaimSenderQuery = graphql(`
  query ClaimSender {
    viewer {
      id
    }
  }
`);

const StartClaimDocumentMutation = graphql(`
  mutation StartClaimDocument($input: StartClaimDocumentInput!) {
    startClaimDocument(input: $input) {
      __typename
      ... on ClaimDocument {
        id
        uploadUrl
        partSize
      }
      ... on Refusal {
        message
      }
    }
  }
`);

const SubmitClaimMutation = graphql(`
  mutation SubmitClaim($input: SubmitClaimInput!) {
    submitClaim(input: $input) {
      __typename
      ... on Claim {
        id
      }
      ... on Refusal {
        message
      }
    }
  }
`);

export type Progress = (part: number, parts: number) => void;

export interface Transfer {
  readonly client: Client;
  readonly account: string;
  readonly binding: SealBinding;
  readonly sealed: ArrayBuffer;
  /** Where an earlier try left off. */
  readonly upload: ClaimUpload | null;
  /** Keeps where this try goes, so that the next one goes on there. */
  readonly onUpload: (upload: ClaimUpload) => Promise<unknown>;
  readonly onProgress: Progress;
}

/** Why a claim is not there yet; what was sealed stays as it is. */
export class SendingFailed extends Error {
  constructor(readonly problem: SendingProblem) {
    super(`Not sent: ${problem.kind}`);
  }
}

/** The server does not know this upload any more. */
class UploadGone extends Error {}

/** Resolves with the claim's id once the server has it; throws `SendingFailed`. */
export async function transfer(transferred: Transfer): Promise<string> {
  await assureSender(transferred);
  return submit(await uploaded(transferred), transferred);
}

async function uploaded(transferred: Transfer): Promise<ClaimUpload> {
  const { upload, onUpload } = transferred;
  if (upload) {
    const isThere = await sendParts(upload, transferred).catch(orNull(UploadGone));
    if (isThere) return isThere;
  }
  const started = await startDocument(transferred);
  await onUpload(started);
  const isThere = await sendParts(started, transferred).catch(orNull(UploadGone));
  if (!isThere) throw new SendingFailed({ kind: "failed" });
  return isThere;
}

function orNull(expected: new () => Error): (error: unknown) => null {
  return (error) => {
    if (error instanceof expected) return null;
    throw error;
  };
}

/** Who would send; null: nobody is signed in. Throws `SendingFailed`. */
export async function claimSender(client: Client): Promise<string | null> {
  const { data, error } = await client
    .query(ClaimSenderQuery, {}, { requestPolicy: "network-only" })
    .toPromise();
  if (error) throw failureOf(error);
  return data?.viewer?.id ?? null;
}

/** Another tab may have signed somebody else in. */
async function assureSender({ client, account }: Transfer): Promise<void> {
  if ((await claimSender(client)) !== account) throw new SendingFailed({ kind: "signedOut" });
}

async function startDocument({ client, sealed }: Transfer): Promise<ClaimUpload> {
  const input = { size: sealed.byteLength, sha256: await sha256(sealed) };
  const { data, error } = await client.mutation(StartClaimDocumentMutation, { input }).toPromise();
  if (error) throw failureOf(error);
  const result = data?.startClaimDocument;
  if (result?.__typename !== "ClaimDocument") throw refused(result);
  return { document: result.id, url: result.uploadUrl, partSize: result.partSize };
}

/** From where the server says on; what came already does not come again. */
async function sendParts(
  upload: ClaimUpload,
  { sealed, onProgress }: Transfer,
): Promise<ClaimUpload> {
  const { url, partSize } = upload;
  const parts = Math.ceil(sealed.byteLength / partSize);
  let offset = offsetOf(await request(url, { method: "HEAD" }));
  while (offset < sealed.byteLength) {
    onProgress(Math.floor(offset / partSize) + 1, parts);
    const headers = {
      "Upload-Offset": String(offset),
      "Content-Type": "application/offset+octet-stream",
    };
    const body = sealed.slice(offset, offset + partSize);
    const next = offsetOf(await request(url, { method: "PATCH", headers, body }));
    // Otherwise a server that keeps nothing would be asked for ever.
    if (next <= offset) throw new SendingFailed({ kind: "failed" });
    offset = next;
  }
  return upload;
}

async function request(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, init).catch(() => {
    throw new SendingFailed({ kind: "network" });
  });
  if (response.status === 401) throw new SendingFailed({ kind: "signedOut" });
  if (response.status === 404) throw new UploadGone();
  // 409 says where to go on.
  if (!response.ok && response.status !== 409) throw new SendingFailed({ kind: "failed" });
  return response;
}

function offsetOf(response: Response): number {
  const offset = response.headers.get("Upload-Offset");
  if (!offset || !/^\d+$/.test(offset)) throw new SendingFailed({ kind: "failed" });
  return Number(offset);
}

async function submit({ document }: ClaimUpload, { client, binding }: Transfer): Promise<string> {
  const { kind, contract, format, key, idempotencyKey } = binding;
  const input = { document, kind, contract, format, key: key.id, idempotencyKey };
  const { data, error } = await client.mutation(SubmitClaimMutation, { input }).toPromise();
  if (error) throw failureOf(error);
  const result = data?.submitClaim;
  if (result?.__typename === "Claim") return result.id;
  throw refused(result);
}

function refused(
  result: { readonly __typename: string; readonly message?: string } | undefined,
): SendingFailed {
  switch (result?.__typename) {
    case undefined:
      return new SendingFailed({ kind: "failed" });
    case "NotSignedIn":
      return new SendingFailed({ kind: "signedOut" });
    case "ClaimsKeyExpired":
      return new SendingFailed({ kind: "keyExpired" });
    default:
      return new SendingFailed({ kind: "refused", message: result?.message ?? "" });
  }
}

/** No answer at all is the network; anything else is not. */
function failureOf(error: CombinedError): SendingFailed {
  return new SendingFailed({ kind: error.networkError && !error.response ? "network" : "failed" });
}

async function sha256(content: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
