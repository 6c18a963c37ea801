/** This device's key for signing in: made here, never leaves it, kept in IndexedDB beyond sign-out (F103). */
import { toBase64Url } from "./base64Url";

export interface DeviceKey {
  /** What the server calls this device. */
  readonly id: string;
  readonly key: CryptoKey;
}

export interface NewDevice {
  readonly key: CryptoKey;
  readonly introduction: { readonly publicKey: string; readonly signature: string };
}

/** What a signature is good for; the server compares the words. */
type Purpose = "device registration" | "device sign-in" | "device session" | "device recovery";

const CURVE = { name: "ECDSA", namedCurve: "P-256" } as const;
const DATABASE = "kundenportal";
const STORE = "devices";

/** Can this browser keep a key that nobody can read out? */
export function canRememberDevice(): boolean {
  // Without a secure context there is no `subtle`.
  return Boolean(globalThis.crypto?.subtle && globalThis.indexedDB);
}

/** A new key, and the proof that it is held here. */
export async function newDevice(challenge: string): Promise<NewDevice> {
  const pair = await crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
  const publicKey = toBase64Url(await crypto.subtle.exportKey("spki", pair.publicKey));
  const signature = await signChallenge(pair.privateKey, "device registration", challenge);
  return { key: pair.privateKey, introduction: { publicKey, signature } };
}

export async function signChallenge(
  key: CryptoKey,
  purpose: Purpose,
  challenge: string,
): Promise<string> {
  const message = `kundenportal ${purpose}\n${location.origin}\n${challenge}`;
  const algorithm = { name: "ECDSA", hash: "SHA-256" };
  return toBase64Url(await crypto.subtle.sign(algorithm, key, new TextEncoder().encode(message)));
}

/** The key that this device keeps for an account; null without one, or where none can be kept. */
export async function deviceOf(emailAddress: string): Promise<DeviceKey | null> {
  if (!canRememberDevice()) return null;
  const name = await nameOf(emailAddress);
  try {
    return (await inStore("readonly", (store) => store.get(name))) ?? null;
  } catch {
    return null;
  }
}

async function keepDevice(emailAddress: string, device: DeviceKey): Promise<void> {
  const name = await nameOf(emailAddress);
  await inStore("readwrite", (store) => store.put(device, name));
}

/** Keeps a new device's key once the server knows it; where that fails, a TAN is asked for again. */
export async function rememberDevice(
  emailAddress: string,
  device: NewDevice | null,
  known: { readonly id: string } | null,
): Promise<void> {
  if (!device || !known) return;
  await keepDevice(emailAddress, { id: known.id, key: device.key }).catch(() => undefined);
}

/** Lets this device be found by a new address too: which of the two will hold is decided elsewhere. */
export async function knowDeviceAlsoAs(
  newEmailAddress: string,
  emailAddress: string,
): Promise<void> {
  const device = await deviceOf(emailAddress);
  if (device) await keepDevice(newEmailAddress, device).catch(() => undefined);
}

export async function forgetDevice(emailAddress: string): Promise<void> {
  if (!canRememberDevice()) return;
  const name = await nameOf(emailAddress);
  await inStore("readwrite", (store) => store.delete(name)).catch(() => undefined);
}

/** For the sandbox: puts a key that was made elsewhere here, from now on unreadable. */
export async function installDevice(
  emailAddress: string,
  id: string,
  privateKey: JsonWebKey,
): Promise<void> {
  const key = await crypto.subtle.importKey("jwk", privateKey, CURVE, false, ["sign"]);
  await keepDevice(emailAddress, { id, key });
}

/** Whoever looks into the browser's storage reads no address there. */
async function nameOf(emailAddress: string): Promise<string> {
  const text = new TextEncoder().encode(`device:${emailAddress.trim().toLowerCase()}`);
  return toBase64Url(await crypto.subtle.digest("SHA-256", text));
}

async function inStore<Result>(
  mode: IDBTransactionMode,
  use: (store: IDBObjectStore) => IDBRequest<Result>,
): Promise<Result> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  const database = await resultOf(opening);
  try {
    return await resultOf(use(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

function resultOf<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
