/** Seals a file to the claims department's key: between here and there nobody can read it (M5; docs/api.md, "The sealed file"). */
import { Aes256Gcm, CipherSuite, HkdfSha256, type KemInterface } from "@hpke/core";
import { fromBase64Url } from "./base64Url";
import type { ClaimFormat, ClaimKind, ClaimsKey, ClaimsKeyAlgorithm } from "./claimFacts";

export interface SealBinding {
  readonly key: ClaimsKey;
  readonly contract: string;
  readonly kind: ClaimKind;
  readonly format: ClaimFormat;
  readonly idempotencyKey: string;
}

/** How to seal to a key, by what it says that it is; the version stands before the seal and under it. */
const SUITES: Record<ClaimsKeyAlgorithm, { version: number; kem: () => Promise<KemInterface> }> = {
  X25519: { version: 1, kem: x25519 },
  MLKEM768_X25519: { version: 2, kem: hybrid },
};
const MAGIC = "KPCLAIM";
const SEGMENT = 65_536;
const TAG = 16;

export async function seal(
  content: ArrayBuffer,
  binding: SealBinding,
): Promise<Uint8Array<ArrayBuffer>> {
  const segments = Math.ceil(content.byteLength / SEGMENT);
  const contentKey = crypto.getRandomValues(new Uint8Array(32));
  const head = await headOf(contentKey, binding);
  const sealed = new Uint8Array(head.length + content.byteLength + segments * TAG);
  sealed.set(head);
  const key = await crypto.subtle.importKey("raw", contentKey, "AES-GCM", false, ["encrypt"]);
  for (let number = 0; number < segments; number += 1) {
    const iv = nonceOf(number, number === segments - 1);
    const segment = content.slice(number * SEGMENT, (number + 1) * SEGMENT);
    const encrypted = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, segment);
    sealed.set(new Uint8Array(encrypted), head.length + number * (SEGMENT + TAG));
  }
  return sealed;
}

/** The version, the encapsulated key of HPKE, and the content key that only the claims department can open. */
async function headOf(
  contentKey: Uint8Array<ArrayBuffer>,
  binding: SealBinding,
): Promise<Uint8Array<ArrayBuffer>> {
  const { version, kem } = suiteOf(binding);
  const suite = new CipherSuite({
    kem: await kem(),
    kdf: new HkdfSha256(),
    aead: new Aes256Gcm(),
  });
  const sender = await suite.createSenderContext({
    recipientPublicKey: await suite.kem.deserializePublicKey(fromBase64Url(binding.key.publicKey)),
    info: infoOf(binding),
  });
  const parts = [
    new TextEncoder().encode(MAGIC),
    [version],
    new Uint8Array(sender.enc),
    new Uint8Array(await sender.seal(contentKey.buffer)),
  ];
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function suiteOf({ key }: SealBinding): (typeof SUITES)[ClaimsKeyAlgorithm] {
  const suite = SUITES[key.algorithm];
  // A page of yesterday may get a key of tomorrow.
  if (!suite) throw new Error("A key of an unknown algorithm");
  return suite;
}

function infoOf(binding: SealBinding): ArrayBuffer {
  const { key, contract, kind, format, idempotencyKey } = binding;
  const lines = [
    `kundenportal claim v${suiteOf(binding).version}`,
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

/** ML-KEM-768 beside X25519, as X-Wing joins them; loaded for a key that asks for it only. */
async function hybrid(): Promise<KemInterface> {
  const { XWing } = await import("@hpke/hybridkem-x-wing");
  return new XWing();
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
