/** Reads from an answer whether the server still knows who is asking. */
import type { ServerSession } from "../lib/sessionClock";

/** True if the answer carries a viewer. */
export function saysSignedIn(data: unknown): boolean {
  return isRecord(data) && isRecord(data.viewer);
}

/** Whose session it is, if the answer says so. */
export function accountIn(data: unknown): string | undefined {
  const id = isRecord(data) && isRecord(data.viewer) ? data.viewer.id : undefined;
  return typeof id === "string" ? id : undefined;
}

/** The session's limits, if the answer carries them. */
export function sessionIn(data: unknown): ServerSession | undefined {
  const session = isRecord(data) && isRecord(data.viewer) ? data.viewer.session : undefined;
  const isWhole = isRecord(session) && "signedInAt" in session && "idleExpiresAt" in session;
  return isWhole ? (session as unknown as ServerSession) : undefined;
}

/** True if the viewer is null or a mutation was refused with `NotSignedIn`. */
export function saysNotSignedIn(data: unknown): boolean {
  if (!isRecord(data)) return false;
  if ("viewer" in data && data.viewer === null) return true;
  return Object.values(data).some((v) => isRecord(v) && v.__typename === "NotSignedIn");
}

/** True if a whole answer to a query says that nobody is signed in. */
export function hasNoViewer(answer: unknown): boolean {
  return isRecord(answer) && isRecord(answer.data) && answer.data.viewer === null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
