import {
  Aes256Gcm,
  CipherSuite,
  DhkemX25519HkdfSha256,
  HkdfSha256,
  type KemInterface,
} from "@hpke/core";
import { XWing } from "@hpke/hybridkem-x-wing";
import { expect, test, vi } from "vitest";
import HYBRID_VECTOR from "../../tests/claim_vectors_hybrid.json";
import { toBase64Url } from "../src/lib/base64Url";
import type { ClaimsKeyAlgorithm } from "../src/lib/claimFacts";
import { type SealBinding, seal } from "../src/lib/claimSeal";

const ALGORITHMS: ClaimsKeyAlgorithm[] = ["X25519", "MLKEM768_X25519"];
const SUITES = {
  X25519: { kem: (): KemInterface => new DhkemX25519HkdfSha256(), version: 1, head: 88 },
  MLKEM768_X25519: { kem: (): KemInterface => new XWing(), version: 2, head: 1176 },
};

interface Department {
  readonly suite: CipherSuite;
  readonly version: number;
  readonly head: number;
  readonly privateKey: CryptoKey;
  readonly binding: SealBinding;
}

async function departmentOf(algorithm: ClaimsKeyAlgorithm): Promise<Department> {
  const { kem, version, head } = SUITES[algorithm];
  const suite = new CipherSuite({ kem: kem(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
  const pair = await suite.kem.generateKeyPair();
  const publicKey = toBase64Url(await suite.kem.serializePublicKey(pair.publicKey));
  const binding: SealBinding = {
    key: { id: "K1", publicKey, algorithm },
    contract: "C1",
    kind: "MEDICAL_INVOICE",
    format: "PHOTOS",
    idempotencyKey: "0b5f3c1e-6a0e-4a4e-9d0f-3f6f5a1c2b7d",
  };
  return { suite, version, head, privateKey: pair.privateKey, binding };
}

const infoOf = (version: number) => `kundenportal claim v${version}
key: K1
contract: C1
kind: MEDICAL_INVOICE
format: PHOTOS
idempotencyKey: 0b5f3c1e-6a0e-4a4e-9d0f-3f6f5a1c2b7d`;

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function hex(buffer: ArrayBuffer): string {
  return Array.from(new Uint8Array(buffer), (one) => one.toString(16).padStart(2, "0")).join("");
}

/** Opens as docs/api.md describes the file, segment by segment. */
async function opened(
  sealed: Uint8Array<ArrayBuffer>,
  { suite, version, head, privateKey }: Department,
  info = infoOf(version),
): Promise<Uint8Array> {
  expect([...sealed.slice(0, 8)]).toEqual([...new TextEncoder().encode("KPCLAIM"), version]);
  const enc = sealed.slice(8, head - 48);
  const params = { recipientKey: privateKey, enc, info: new TextEncoder().encode(info) };
  const contentKey = await suite.open(params, sealed.slice(head - 48, head));
  const key = await crypto.subtle.importKey("raw", contentKey, "AES-GCM", false, ["decrypt"]);
  const parts: number[] = [];
  const whole = 65_536 + 16;
  const count = Math.ceil((sealed.length - head) / whole);
  for (let number = 0; number < count; number += 1) {
    const iv = new Uint8Array(12);
    new DataView(iv.buffer).setUint32(7, number);
    iv[11] = number === count - 1 ? 1 : 0;
    const segment = sealed.slice(head + number * whole, head + (number + 1) * whole);
    const content = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, segment);
    for (const byte of new Uint8Array(content)) parts.push(byte);
  }
  return Uint8Array.from(parts);
}

const SIZES = [1, 65_535, 65_536, 65_537, 200_000];

test.each(ALGORITHMS.flatMap((one) => SIZES.map((size) => [size, one] as const)))(
  "M5 a file of %i bytes is sealed to a key of %s so that the claims department alone opens it",
  async (size, algorithm) => {
    const department = await departmentOf(algorithm);
    const content = Uint8Array.from({ length: size }, (_, index) => index % 251);
    const sealed = await seal(content.buffer, department.binding);
    expect(sealed.length).toBe(department.head + size + Math.ceil(size / 65_536) * 16);
    expect(await opened(sealed, department)).toEqual(content);
  },
);

test.each(ALGORITHMS)(
  "M5 a seal to a key of %s holds for its claim alone: another contract, kind or key opens nothing",
  async (algorithm) => {
    const department = await departmentOf(algorithm);
    const info = infoOf(department.version);
    const sealed = await seal(new Uint8Array(9).buffer, department.binding);
    for (const [one, other] of [
      ["contract: C1", "contract: C2"],
      ["MEDICAL_INVOICE", "PRESCRIPTION"],
      ["key: K1", "key: K2"],
      [`claim v${department.version}`, `claim v${3 - department.version}`],
    ] as const) {
      expect(info).toContain(one);
      await expect(opened(sealed, department, info.replace(one, other))).rejects.toThrow();
    }
    const { privateKey } = await departmentOf(algorithm);
    await expect(opened(sealed, { ...department, privateKey })).rejects.toThrow();
  },
);

test("M5 a key that is not what it says is never sealed to", async () => {
  const [classic, hybrid] = await Promise.all(ALGORITHMS.map(departmentOf));
  const content = new Uint8Array(9).buffer;
  for (const [one, algorithm] of [
    [classic, "MLKEM768_X25519"],
    [hybrid, "X25519"],
    [hybrid, "OF_TOMORROW" as "X25519"],
  ] as const) {
    const key = { ...(one as Department).binding.key, algorithm };
    await expect(seal(content, { ...(one as Department).binding, key })).rejects.toThrow();
  }
});

test("M5 the hybrid is X-Wing as its draft has it, and the server's library opens what it seals", async () => {
  const { privateKey, publicKey, info, small, xWing } = HYBRID_VECTOR;
  const { suite } = await departmentOf("MLKEM768_X25519");
  const recipientKey = await suite.kem.deserializePrivateKey(bytes(xWing.sk));
  const recipientPublicKey = await suite.kem.deserializePublicKey(bytes(publicKey));
  const sent = await suite.kem.encap({ recipientPublicKey, ekm: bytes(xWing.eseed) });
  expect([hex(sent.enc), hex(sent.sharedSecret)]).toEqual([xWing.ct, xWing.ss]);
  const received = await suite.kem.decap({ recipientKey, enc: bytes(xWing.ct) });
  expect(hex(received)).toBe(xWing.ss);
  // The rest of the vector, which the tests of the server open.
  expect(privateKey).toHaveLength(2 * 96);
  const sealed = bytes(small.sealed);
  const params = { recipientKey, enc: bytes(xWing.ct), info: new TextEncoder().encode(info) };
  expect(hex(await suite.open(params, sealed.slice(1128, 1176)))).toBe(xWing.contentKey);
});

test.each(ALGORITHMS)(
  "M5 no two seals of the same file to a key of %s are alike",
  async (algorithm) => {
    const { binding } = await departmentOf(algorithm);
    const content = new Uint8Array(100).buffer;
    expect(await seal(content, binding)).not.toEqual(await seal(content, binding));
  },
);

test("M5 a browser without X25519 of its own seals just the same", async () => {
  const department = await departmentOf("X25519");
  const own = crypto.subtle.generateKey.bind(crypto.subtle);
  const asked = vi
    .spyOn(crypto.subtle, "generateKey")
    .mockImplementation(((algorithm: { name: string }, ...rest: [boolean, KeyUsage[]]) =>
      algorithm.name === "X25519"
        ? Promise.reject(new DOMException("unknown", "NotSupportedError"))
        : own(algorithm, ...rest)) as typeof crypto.subtle.generateKey);
  const sealed = await seal(Uint8Array.from([1, 2, 3]).buffer, department.binding);
  expect(asked).toHaveBeenCalled();
  vi.restoreAllMocks();
  expect([...(await opened(sealed, department))]).toEqual([1, 2, 3]);
});
