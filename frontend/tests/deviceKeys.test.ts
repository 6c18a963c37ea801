import { webcrypto } from "node:crypto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { fromBase64Url } from "../src/lib/base64Url";
import { canRememberDevice, deviceOf, newDevice, signChallenge } from "../src/lib/deviceKeys";

const ORIGIN = "https://portal.example";

beforeEach(() => {
  vi.stubGlobal("crypto", webcrypto);
  vi.stubGlobal("location", { origin: ORIGIN });
});
afterEach(() => vi.unstubAllGlobals());

async function verifies(publicKey: string, signature: string, message: string): Promise<boolean> {
  const curve = { name: "ECDSA", namedCurve: "P-256" };
  const key = await webcrypto.subtle.importKey("spki", fromBase64Url(publicKey), curve, true, [
    "verify",
  ]);
  return webcrypto.subtle.verify(
    { name: "ECDSA", hash: "SHA-256" },
    key,
    fromBase64Url(signature),
    new TextEncoder().encode(message),
  );
}

test("a new device's key can't be read out, and its introduction names purpose, portal and challenge", async () => {
  const device = await newDevice("c1");
  expect(device.key.extractable).toBe(false);
  const { publicKey, signature } = device.introduction;
  const message = `kundenportal device registration\n${ORIGIN}\nc1`;
  expect(await verifies(publicKey, signature, message)).toBe(true);
  expect(fromBase64Url(signature).byteLength).toBe(64);
});

test("a signature for one purpose answers for no other", async () => {
  const { key, introduction } = await newDevice("c1");
  const signature = await signChallenge(key, "device sign-in", "c1");
  const { publicKey } = introduction;
  const named = (purpose: string) => `kundenportal ${purpose}\n${ORIGIN}\nc1`;
  expect(await verifies(publicKey, signature, named("device sign-in"))).toBe(true);
  expect(await verifies(publicKey, signature, named("device session"))).toBe(false);
});

test("without WebCrypto or IndexedDB no device is offered, and signing in asks for a TAN", async () => {
  expect(canRememberDevice()).toBe(false);
  expect(await deviceOf("anna@beispiel.example")).toBe(null);
  vi.stubGlobal("indexedDB", {});
  expect(canRememberDevice()).toBe(true);
  vi.stubGlobal("crypto", {});
  expect(canRememberDevice()).toBe(false);
});

test("a browser that refuses its storage signs in without a device", async () => {
  vi.stubGlobal("indexedDB", {
    open: () => {
      throw new DOMException("blocked", "SecurityError");
    },
  });
  expect(await deviceOf("anna@beispiel.example")).toBe(null);
});
