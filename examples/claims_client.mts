/**
 * Hands in claims from an app: seals on the device, sends in parts, submits once, follows the status.
 *
 * Web standards and @hpke alone, so that it runs in a web view as it does in Node (`hand_in_claim.mts`).
 * The format of the sealed file and the transfer in parts stand in docs/api.md, "Claims".
 */
import { Aes256Gcm, CipherSuite, HkdfSha256, type KemInterface } from "@hpke/core";
import { DhkemX25519HkdfSha256 } from "@hpke/dhkem-x25519";
import { XWing } from "@hpke/hybridkem-x-wing";

/** Where the portal is, and the bearer token of a session. */
export interface Portal {
  readonly url: string;
  readonly token: string;
}

/** What a claim is about; the idempotency key makes it the only one, however often it is sent. */
export interface ClaimAbout {
  readonly kind: string;
  readonly format: string;
  readonly idempotencyKey: string;
}

/** Everything to keep on the device until the claim is there. */
export interface SealedClaim {
  readonly input: ClaimAbout & { readonly contract: string; readonly key: string };
  readonly sealed: Uint8Array<ArrayBuffer>;
}

/** A file on its way in; kept, it lets the next run go on where this one ended. */
export interface ClaimDocument {
  readonly id: string;
  readonly uploadUrl: string;
  readonly partSize: number;
}

export interface Claim {
  readonly id: string;
  readonly idempotencyKey: string;
  readonly status: string;
  readonly refusalMessage: string | null;
  readonly receipt: { readonly sha256: string } | null;
}

/** The portal said no, in words for the customer; nothing was stored. */
export class Refused extends Error {}

/** There was no answer; the same call again goes on. */
export class Unreachable extends Error {}

/** How to seal, by what the key says that it is. */
const ALGORITHMS = new Map<string, { version: number; kem: () => KemInterface }>([
  ["X25519", { version: 1, kem: () => new DhkemX25519HkdfSha256() }],
  ["MLKEM768_X25519", { version: 2, kem: () => new XWing() }],
]);
const SEGMENT = 65_536;
const TRIES = 5;
const CLAIM = "id status idempotencyKey refusalMessage receipt { sha256 }";
const FIND = `query ($kind: ClaimKind!) { viewer { claimsKey { id publicKey algorithm }
  claimableContracts(kind: $kind) { contract { id } formats largestBytes } } }`;
const START = `mutation ($input: StartClaimDocumentInput!) { startClaimDocument(input: $input) {
  __typename ... on ClaimDocument { id uploadUrl partSize } ... on Refusal { message } } }`;
const SUBMIT = `mutation ($input: SubmitClaimInput!) { submitClaim(input: $input) {
  __typename ... on Claim { ${CLAIM} } ... on Refusal { message } } }`;
const FOLLOW = `query ($id: ID!) { node(id: $id) { ... on Claim { ${CLAIM} } } }`;

interface ClaimsKey {
  readonly id: string;
  readonly publicKey: string;
  readonly algorithm: string;
}

interface Found {
  readonly viewer: {
    readonly claimsKey: ClaimsKey | null;
    readonly claimableContracts: readonly {
      readonly contract: { readonly id: string };
      readonly formats: readonly string[];
      readonly largestBytes: number;
    }[];
  } | null;
}

/** Seals a file for the first contract that takes it. Keep the result until the claim is there. */
export async function sealClaim(
  portal: Portal,
  content: Uint8Array<ArrayBuffer>,
  about: ClaimAbout,
): Promise<SealedClaim> {
  const { viewer } = await ask<Found>(portal, FIND, { kind: about.kind });
  if (!viewer?.claimsKey) throw new Refused("nothing can be handed in now");
  const place = viewer.claimableContracts.find(
    ({ formats, largestBytes }) => formats.includes(about.format) && content.length <= largestBytes,
  );
  if (!place) throw new Refused("no contract takes this file");
  const input = { ...about, contract: place.contract.id, key: viewer.claimsKey.id };
  return { input, sealed: await seal(content, viewer.claimsKey, input) };
}

/**
 * Sends what was sealed and submits it; called again after any failure it goes on.
 *
 * `begun` is what `keep` was given by an earlier call, null the first time.
 */
export async function sendClaim(
  portal: Portal,
  { input, sealed }: SealedClaim,
  begun: ClaimDocument | null,
  keep: (document: ClaimDocument) => Promise<void>,
): Promise<Claim> {
  let document = begun;
  if (!document || !(await sendParts(portal, document, sealed))) {
    const told = { size: sealed.length, sha256: hexadecimal(await sha256(sealed)) };
    const { startClaimDocument } = await ask<{ startClaimDocument: Answer<ClaimDocument> }>(
      portal,
      START,
      { input: told },
    );
    document = orRefused(startClaimDocument);
    await keep(document);
    if (!(await sendParts(portal, document, sealed))) throw new Unreachable("the file is gone");
  }
  const { submitClaim } = await ask<{ submitClaim: Answer<Claim> }>(portal, SUBMIT, {
    input: { ...input, document: document.id },
  });
  return orRefused(submitClaim);
}

/** Asks for the status until the claims department has the file, or it is refused. */
export async function followClaim(
  portal: Portal,
  id: string,
  onStatus: (claim: Claim) => void,
  seconds = 2,
): Promise<Claim> {
  for (;;) {
    const { node } = await ask<{ node: Claim | null }>(portal, FOLLOW, { id });
    if (!node) throw new Refused("there is no such claim");
    onStatus(node);
    if (node.status !== "RECEIVED") return node;
    await pause(seconds);
  }
}

/** HPKE around a fresh content key, AES-256-GCM around the file in segments. */
async function seal(
  content: Uint8Array<ArrayBuffer>,
  { publicKey, algorithm }: ClaimsKey,
  input: SealedClaim["input"],
): Promise<Uint8Array<ArrayBuffer>> {
  const found = ALGORITHMS.get(algorithm);
  if (!found) throw new Refused("this app is too old: please update it");
  const { version, kem } = found;
  const suite = new CipherSuite({ kem: kem(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
  const recipientPublicKey = await suite.kem.deserializePublicKey(fromBase64Url(publicKey));
  const sender = await suite.createSenderContext({
    recipientPublicKey,
    info: infoOf(input, version),
  });
  const contentKey = crypto.getRandomValues(new Uint8Array(32));
  const pieces = [
    new TextEncoder().encode("KPCLAIM"),
    Uint8Array.of(version),
    new Uint8Array(sender.enc),
    new Uint8Array(await sender.seal(contentKey)),
  ];
  const key = await crypto.subtle.importKey("raw", contentKey, "AES-GCM", false, ["encrypt"]);
  const segments = Math.max(1, Math.ceil(content.length / SEGMENT));
  for (let number = 0; number < segments; number += 1) {
    const iv = new Uint8Array(12);
    new DataView(iv.buffer).setUint32(7, number);
    iv[11] = number === segments - 1 ? 1 : 0;
    const segment = content.subarray(number * SEGMENT, (number + 1) * SEGMENT);
    pieces.push(new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, segment)));
  }
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

function infoOf(input: SealedClaim["input"], version: number): Uint8Array<ArrayBuffer> {
  const lines = [
    `kundenportal claim v${version}`,
    `key: ${input.key}`,
    `contract: ${input.contract}`,
    `kind: ${input.kind}`,
    `format: ${input.format}`,
    `idempotencyKey: ${input.idempotencyKey}`,
  ];
  return new TextEncoder().encode(lines.join("\n"));
}

/** Sends what is missing, part by part; false: the portal does not know this file any more. */
async function sendParts(
  portal: Portal,
  { uploadUrl, partSize }: ClaimDocument,
  sealed: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  let failures = 0;
  for (;;) {
    try {
      const safe = await call(portal, uploadUrl, { method: "HEAD" });
      if (safe.status === 404) return false;
      let at = offsetOf(safe);
      while (at < sealed.length) {
        const part = await call(portal, uploadUrl, {
          method: "PATCH",
          headers: {
            "Upload-Offset": String(at),
            "Content-Type": "application/offset+octet-stream",
          },
          body: sealed.subarray(at, at + partSize),
        });
        at = offsetOf(part);
        failures = 0;
      }
      return true;
    } catch (error) {
      failures += 1;
      if (!(error instanceof Unreachable) || failures === TRIES) throw error;
      await pause(0.2 * 2 ** failures);
    }
  }
}

function offsetOf(response: Response): number {
  // 409 says where to go on; anything else that failed says it by its status.
  const offset = response.headers.get("Upload-Offset");
  if (offset === null) throw problemOf(response);
  return Number(offset);
}

function problemOf({ status }: Response): Error {
  const message = `the portal answers ${status}`;
  return status < 500 ? new Refused(message) : new Unreachable(message);
}

type Answer<Success> = (Success & { message?: undefined }) | { readonly message: string };

function orRefused<Success>(answer: Answer<Success>): Success {
  if (answer.message !== undefined) throw new Refused(answer.message);
  return answer;
}

async function ask<Data>(portal: Portal, query: string, variables: object): Promise<Data> {
  const response = await call(portal, "/graphql", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  if (!response.ok) throw problemOf(response);
  const { data } = (await response.json()) as { data?: Data | null };
  if (!data) throw new Unreachable("the portal could not answer");
  return data;
}

async function call(portal: Portal, path: string, init: RequestInit): Promise<Response> {
  const headers = { ...init.headers, Authorization: `Bearer ${portal.token}` };
  try {
    return await fetch(new URL(path, portal.url), { ...init, headers });
  } catch (error) {
    throw new Unreachable("there is no network", { cause: error });
  }
}

async function sha256(content: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", content));
}

function hexadecimal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
