/** Seals a file to the claims department's key: between here and there nobody can read it (M5; docs/api.md, "The sealed file"). */
import { Aes256Gcm, CipherSuite, HkdfSha256, type KemInterface } from "@hpke/core";
import { fromBase64Url } from "./base64Url";
import type { ClaimFormat, ClaimKind } from "./claimFacts";

export interface SealBinding {
  readonly key: { readonly id: string; readonly publicKey: string };
  readonly contract: string;
  readonly kind: ClaimKind;
  readonly format: ClaimFormat;
  readonly idempotencyKey: string;
}

const MAGIC = "KPCLAIM\x01";
const SEGMENT = 65_536;
const TAG = 16;
const HEAD = 8 + 32 + 48;

export async function seal(
  content: ArrayBuffer,
  binding: SealBinding,
): Promise<Uint8Array<ArrayBuffer>> {
  const segments = Math.ceil(content.byteLength / SEGMENT);
  const sealed = new Uint8Array(HEAD + content.byteLength + segments * TAG);
  sealed.set(new TextEncoder().encode(MAGIC));
  const contentKey = crypto.getRandomValues(new Uint8Array(32));
  sealed.set(await encapsulated(contentKey, binding), 8);
  const key = await crypto.subtle.importKey("raw", contentKey, "AES-GCM", false, ["encrypt"]);
  for (let number = 0; number < segments; number += 1) {
    const iv = nonceOf(number, number === segments - 1);
    const segment = content.slice(number * SEGMENT, (number + 1) * SEGMENT);
    const encrypted = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, segment);
    sealed.set(new Uint8Array(encrypted), HEAD + number * (SEGMENT + TAG));
  }
  return sealed;
}

/** The encapsulated key of HPKE, and the content key that only the claims department can open. */
async function encapsulated(
  contentKey: Uint8Array<ArrayBuffer>,
  binding: SealBinding,
): Promise<Uint8Array<ArrayBuffer>> {
  const suite = new CipherSuite({
    kem: await x25519(),
    kdf: new HkdfSha256(),
    aead: new Aes256Gcm(),
  });
  const sender = await suite.createSenderContext({
    recipientPublicKey: await suite.kem.deserializePublicKey(fromBase64Url(binding.key.publicKey)),
    info: infoOf(binding),
  });
  const parts = [new Uint8Array(sender.enc), new Uint8Array(await sender.seal(contentKey.buffer))];
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function infoOf({ key, contract, kind, format, idempotencyKey }: SealBinding): ArrayBuffer {
  const lines = [
    "kundenportal claim v1",
    `key: ${key.id}`,
    `contract: ${contract}`,
    `kind: ${kind}`,
    `format: ${format}`,
    `idempotencyKey: ${idempotencyKey}`,
  ];
  return new TextEncoder().encode(lines.join("\n")).buffer;
}

/** Eleven bytes of number and one that marks the end: no segment can be moved, dropped or added. */
function nonceOf(number: number, isLast: boolean): Uint8Array<ArrayBuffer> {
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setUint32(7, number);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}

/** The browser's own X25519; Chrome before 133 and Firefox before 130 have none and load one. */
async function x25519(): Promise<KemInterface> {
  const hasOwn = await crypto.subtle
    .generateKey({ name: "X25519" }, false, ["deriveBits"])
    .then(() => true)
    .catch(() => false);
  const { DhkemX25519HkdfSha256 } = await (hasOwn
    ? import("@hpke/core")
    : import("@hpke/dhkem-x25519"));
  return new DhkemX25519HkdfSha256();
}
