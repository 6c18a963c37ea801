/** Passkeys by the browser's own JSON functions, with the same conversion by hand for browsers without them. */
import { fromBase64Url, toBase64Url } from "./base64Url";

type JsonObject = Record<string, unknown>;

interface PublicKeyCredentialStatics {
  parseCreationOptionsFromJSON?: (options: JsonObject) => PublicKeyCredentialCreationOptions;
  parseRequestOptionsFromJSON?: (options: JsonObject) => PublicKeyCredentialRequestOptions;
}

/** Does this browser know passkeys, here (a secure context is needed)? */
export function canUsePasskeys(): boolean {
  return typeof PublicKeyCredential === "function" && isSecureContext;
}

/** Asks for a passkey to sign in; returns the answer as JSON text, null if the person cancelled. */
export async function getPasskey(options: string): Promise<string | null> {
  const parsed = JSON.parse(options) as JsonObject;
  const statics = PublicKeyCredential as unknown as PublicKeyCredentialStatics;
  const publicKey = statics.parseRequestOptionsFromJSON?.(parsed) ?? requestOptions(parsed);
  return asText(() => navigator.credentials.get({ publicKey }));
}

/** Makes a new passkey on this device; returns it as JSON text, null if the person cancelled. */
export async function createPasskey(options: string): Promise<string | null> {
  const parsed = JSON.parse(options) as JsonObject;
  const statics = PublicKeyCredential as unknown as PublicKeyCredentialStatics;
  const publicKey = statics.parseCreationOptionsFromJSON?.(parsed) ?? creationOptions(parsed);
  return asText(() => navigator.credentials.create({ publicKey }));
}

async function asText(ask: () => Promise<Credential | null>): Promise<string | null> {
  try {
    const credential = (await ask()) as PublicKeyCredential | null;
    return credential && JSON.stringify(credentialToJson(credential));
  } catch (error) {
    const isCancelled = error instanceof DOMException && error.name === "NotAllowedError";
    if (isCancelled) return null;
    throw error;
  }
}

function credentialToJson(credential: PublicKeyCredential): unknown {
  if (typeof credential.toJSON === "function") return credential.toJSON();
  const response = credential.response as unknown as Record<string, unknown>;
  const parts = [
    "clientDataJSON",
    "attestationObject",
    "authenticatorData",
    "signature",
    "userHandle",
  ];
  const encoded = parts
    .filter((part) => response[part] instanceof ArrayBuffer)
    .map((part) => [part, toBase64Url(response[part] as ArrayBuffer)]);
  return {
    id: credential.id,
    rawId: toBase64Url(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: Object.fromEntries(encoded),
  };
}

function requestOptions(json: JsonObject): PublicKeyCredentialRequestOptions {
  return {
    ...json,
    challenge: fromBase64Url(json.challenge as string),
    allowCredentials: descriptors(json.allowCredentials),
  } as unknown as PublicKeyCredentialRequestOptions;
}

function creationOptions(json: JsonObject): PublicKeyCredentialCreationOptions {
  const user = json.user as JsonObject;
  return {
    ...json,
    challenge: fromBase64Url(json.challenge as string),
    user: { ...user, id: fromBase64Url(user.id as string) },
    excludeCredentials: descriptors(json.excludeCredentials),
  } as unknown as PublicKeyCredentialCreationOptions;
}

function descriptors(list: unknown): JsonObject[] {
  const given = (list ?? []) as JsonObject[];
  return given.map((entry) => ({ ...entry, id: fromBase64Url(entry.id as string) }));
}
