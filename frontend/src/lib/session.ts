/** What the browser knows about the session: whether there is one, and when it will end. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { type ServerSession, SessionClock } from "./sessionClock";

/** Why somebody stands before the sign-in page. */
export type SignedOutReason = "first" | "expired" | "left";

export interface SessionChoice {
  readonly reason: SignedOutReason;
  readonly clock: SessionClock;
  /** Forgets everything read so far; call after signing in. */
  readonly begin: (session: ServerSession) => void;
  /** Forgets everything read so far; call after signing out. */
  readonly end: (reason: SignedOutReason) => void;
}

/** Idle limit assumed until the first answer tells the real one. */
export const ASSUMED_IDLE_MS = 15 * 60_000;

export const SessionContext = createContext<SessionChoice>({
  reason: "first",
  clock: new SessionClock(ASSUMED_IDLE_MS),
  begin: () => undefined,
  end: () => undefined,
});

export function useSession(): SessionChoice {
  return useContext(SessionContext);
}

/** Only a path of this portal may be returned to, never another host or the sign-in page itself. */
export function safeReturnPath(path: string | undefined): string {
  if (!path?.startsWith("/") || path.startsWith("//") || path.includes("\\")) return "/";
  return path.startsWith("/anmelden") ? "/" : path;
}
