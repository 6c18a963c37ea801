import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";
import { expect, test, vi } from "vitest";
import { toBase64Url } from "../src/lib/base64Url";
import { type SealBinding, seal } from "../src/lib/claimSeal";

const suite = new CipherSuite({
  kem: new DhkemX25519HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Aes256Gcm(),
});

async function department(): Promise<{ binding: SealBinding; privateKey: CryptoKey }> {
  const pair = await suite.kem.generateKeyPair();
  const publicKey = toBase64Url(await suite.kem.serializePublicKey(pair.publicKey));
  const binding: SealBinding = {
    key: { id: "K1", publicKey },
    contract: "C1",
    kind: "MEDICAL_INVOICE",
    format: "PHOTOS",
    idempotencyKey: "0b5f3c1e-6a0e-4a4e-9d0f-3f6f5a1c2b7d",
  };
  return { binding, privateKey: pair.privateKey };
}

const INFO = `kundenportal claim v1
key: K1
contract: C1
kind: MEDICAL_INVOICE
format: PHOTOS
idempotencyKey: 0b5f3c1e-6a0e-4a4e-9d0f-3f6f5a1c2b7d`;

/** Opens as docs/api.md describes the file, segment by segment. */
async function opened(
  sealed: Uint8Array<ArrayBuffer>,
  recipientKey: CryptoKey,
  info = INFO,
): Promise<Uint8Array> {
  expect([...sealed.slice(0, 8)]).toEqual([...new TextEncoder().encode("KPCLAIM"), 1]);
  const enc = sealed.slice(8, 40);
  const params = { recipientKey, enc, info: new TextEncoder().encode(info) };
  const contentKey = await suite.open(params, sealed.slice(40, 88));
  const key = await crypto.subtle.importKey("raw", contentKey, "AES-GCM", false, ["decrypt"]);
  const parts: number[] = [];
  const whole = 65_536 + 16;
  const count = Math.ceil((sealed.length - 88) / whole);
  for (let number = 0; number < count; number += 1) {
    const iv = new Uint8Array(12);
    new DataView(iv.buffer).setUint32(7, number);
    iv[11] = number === count - 1 ? 1 : 0;
    const segment = sealed.slice(88 + number * whole, 88 + (number + 1) * whole);
    const content = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, segment);
    for (const byte of new Uint8Array(content)) parts.push(byte);
  }
  return Uint8Array.from(parts);
}

test.each([1, 65_535, 65_536, 65_537, 200_000])(
  "M5 a file of %i bytes is sealed so that the claims department alone opens it",
  async (size) => {
    const { binding, privateKey } = await department();
    const content = Uint8Array.from({ length: size }, (_, index) => index % 251);
    const sealed = await seal(content.buffer, binding);
    expect(sealed.length).toBe(88 + size + Math.ceil(size / 65_536) * 16);
    expect(await opened(sealed, privateKey)).toEqual(content);
  },
);

test("M5 a seal holds for its claim alone: another contract, kind or key opens nothing", async () => {
  const { binding, privateKey } = await department();
  const sealed = await seal(new Uint8Array(9).buffer, binding);
  for (const [one, other] of [
    ["contract: C1", "contract: C2"],
    ["MEDICAL_INVOICE", "PRESCRIPTION"],
    ["key: K1", "key: K2"],
  ] as const) {
    await expect(opened(sealed, privateKey, INFO.replace(one, other))).rejects.toThrow();
  }
  const stranger = await department();
  await expect(opened(sealed, stranger.privateKey)).rejects.toThrow();
});

test("M5 no two seals of the same file are alike", async () => {
  const { binding } = await department();
  const content = new Uint8Array(100).buffer;
  expect(await seal(content, binding)).not.toEqual(await seal(content, binding));
});

test("M5 a browser without X25519 of its own seals just the same", async () => {
  const { binding, privateKey } = await department();
  const own = crypto.subtle.generateKey.bind(crypto.subtle);
  const asked = vi
    .spyOn(crypto.subtle, "generateKey")
    .mockImplementation(((algorithm: { name: string }, ...rest: [boolean, KeyUsage[]]) =>
      algorithm.name === "X25519"
        ? Promise.reject(new DOMException("unknown", "NotSupportedError"))
        : own(algorithm, ...rest)) as typeof crypto.subtle.generateKey);
  const sealed = await seal(Uint8Array.from([1, 2, 3]).buffer, binding);
  expect(asked).toHaveBeenCalled();
  vi.restoreAllMocks();
  expect([...(await opened(sealed, privateKey))]).toEqual([1, 2, 3]);
});
