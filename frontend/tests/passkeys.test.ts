// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { fromBase64Url, toBase64Url } from "../src/lib/base64Url";
import { canUsePasskeys, createPasskey, getPasskey } from "../src/lib/passkeys";

const bytes = (...values: number[]) => Uint8Array.from(values).buffer;
const options = JSON.stringify({ challenge: "AQID", rpId: "localhost" });

class OldBrowserCredential {}

beforeEach(() => {
  vi.stubGlobal("PublicKeyCredential", OldBrowserCredential);
  vi.stubGlobal("isSecureContext", true);
});
afterEach(() => vi.unstubAllGlobals());

function browserAnswers(answer: unknown) {
  const ask = vi.fn(async (_options: CredentialRequestOptions | CredentialCreationOptions) => {
    if (answer instanceof Error) throw answer;
    return answer;
  });
  vi.stubGlobal("navigator", { credentials: { get: ask, create: ask } });
  return ask;
}

test("base64url goes both ways without padding", () => {
  expect(toBase64Url(bytes(251, 255, 0))).toBe("-_8A");
  expect([...new Uint8Array(fromBase64Url("-_8A"))]).toEqual([251, 255, 0]);
});

test("without a secure context there are no passkeys", () => {
  expect(canUsePasskeys()).toBe(true);
  vi.stubGlobal("isSecureContext", false);
  expect(canUsePasskeys()).toBe(false);
});

test("a browser without the JSON functions gets bytes and its answer is written as WebAuthn JSON", async () => {
  const ask = browserAnswers({
    id: "AQ",
    rawId: bytes(1),
    type: "public-key",
    authenticatorAttachment: "platform",
    getClientExtensionResults: () => ({}),
    response: {
      clientDataJSON: bytes(2),
      authenticatorData: bytes(3),
      signature: bytes(4),
      userHandle: null,
    },
  });
  const credential = JSON.parse((await getPasskey(options)) ?? "null");
  const asked = ask.mock.calls[0]?.[0].publicKey as PublicKeyCredentialRequestOptions;
  expect([...new Uint8Array(asked.challenge as ArrayBuffer)]).toEqual([1, 2, 3]);
  expect(credential).toEqual({
    id: "AQ",
    rawId: "AQ",
    type: "public-key",
    authenticatorAttachment: "platform",
    clientExtensionResults: {},
    response: { clientDataJSON: "Ag", authenticatorData: "Aw", signature: "BA" },
  });
});

test("the browser's own JSON functions are preferred", async () => {
  const parsed = { challenge: bytes(9) };
  vi.stubGlobal(
    "PublicKeyCredential",
    Object.assign(class {}, { parseRequestOptionsFromJSON: () => parsed }),
  );
  const ask = browserAnswers({ toJSON: () => ({ id: "native" }) });
  expect(await getPasskey(options)).toBe('{"id":"native"}');
  expect(ask).toHaveBeenCalledWith({ publicKey: parsed });
});

test("somebody who cancels gets no error", async () => {
  browserAnswers(new DOMException("cancelled", "NotAllowedError"));
  expect(await getPasskey(options)).toBeNull();
});

test("any other failure is not hidden", async () => {
  browserAnswers(new DOMException("known already", "InvalidStateError"));
  const creation = JSON.stringify({ challenge: "AQID", user: { id: "AQ" } });
  await expect(createPasskey(creation)).rejects.toThrow("known already");
});
