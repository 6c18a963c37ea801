/** Bytes, their hexadecimal form, SHA-256 and Ed25519, all of it by the browser's WebCrypto. */

type Bytes = Uint8Array<ArrayBuffer>;

/** Any point of the curve; only whether the browser takes it matters (RFC 8032, 7.1, test 1). */
const SOME_KEY = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

export function fromHex(text: string): Bytes {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function joined(...parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function equal(one: Uint8Array, other: Uint8Array): boolean {
  return toHex(one) === toHex(other);
}

export async function sha256(data: BufferSource): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", data));
}

/** Whether this browser can verify Ed25519 signatures at all. */
export async function canVerify(): Promise<boolean> {
  try {
    await importKey(fromHex(SOME_KEY));
    return true;
  } catch {
    return false;
  }
}

/** Whether the holder of the private key signed exactly this message. */
export async function isSigned(key: Bytes, message: Bytes, signature: Bytes): Promise<boolean> {
  try {
    return await crypto.subtle.verify("Ed25519", await importKey(key), signature, message);
  } catch {
    // Bytes that are no key at all.
    return false;
  }
}

function importKey(key: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
}
