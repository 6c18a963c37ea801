/** What could not be sent, kept on this device only until it is sent or discarded. */
import { readStored, writeStored } from "./storage";

export function keptDraft<Draft>(place: string): Draft | null {
  try {
    return JSON.parse(readStored(draftName(place)) ?? "null");
  } catch {
    return null;
  }
}

export function keepDraft<Draft>(place: string, draft: Draft): Draft {
  writeStored(draftName(place), JSON.stringify(draft));
  return draft;
}

export function discardDraft(place: string): void {
  writeStored(draftName(place), null);
  writeStored(keyName(place), null);
}

/**
 * The key under which the server sends a message once. It stays the same while the message does:
 * whether a lost answer means sent or not sent, sending again settles it.
 */
export function keyFor(place: string, message: string): string {
  const [key, known] = JSON.parse(readStored(keyName(place)) ?? "[]");
  if (known === message) return key;
  const fresh = crypto.randomUUID();
  writeStored(keyName(place), JSON.stringify([fresh, message]));
  return fresh;
}

function draftName(place: string): string {
  return `kundenportal.draft:${place}`;
}

function keyName(place: string): string {
  return `kundenportal.sending:${place}`;
}
