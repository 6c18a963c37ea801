/** When the server will end the session, told in this device's clock; the server's clock may differ. */
import { readStored, writeStored } from "./storage";

export interface ServerSession {
  readonly signedInAt: string;
  readonly expiresAt: string;
  readonly idleExpiresAt: string;
}

const KEY = "kundenportal.session-clock";

export class SessionClock {
  #offset: number | null = null;
  #absoluteAt = Number.POSITIVE_INFINITY;
  #idleWindow: number;
  #lastAnswerAt = 0;

  /** `idleMs` is assumed until an answer tells the session's own limit (a bank's is shorter). */
  constructor(idleMs: number) {
    this.#idleWindow = idleMs;
  }

  /** True once an answer came from a signed-in session. */
  get isRunning(): boolean {
    return this.#lastAnswerAt > 0;
  }

  /** The moment of signing in is the one moment at which both clocks are known. */
  signedIn(at: number, session: ServerSession): void {
    this.#offset = at - Date.parse(session.signedInAt);
    writeStored(KEY, `${session.signedInAt} ${this.#offset}`);
    this.answered(at, session);
  }

  /** Every answer with a viewer renews the idle limit. */
  answered(at: number, session?: ServerSession | undefined): void {
    this.#lastAnswerAt = at;
    if (!session) return;
    this.#offset ??= storedOffset(session);
    const assumed = at + this.#idleWindow - Date.parse(session.idleExpiresAt);
    const offset = this.#offset ?? assumed;
    this.#idleWindow = Math.max(0, Date.parse(session.idleExpiresAt) + offset - at);
    this.#absoluteAt = Date.parse(session.expiresAt) + offset;
  }

  stop(): void {
    this.#lastAnswerAt = 0;
    this.#offset = null;
    writeStored(KEY, null);
  }

  /** Milliseconds until the nearer limit, which one it is, and how long the idle window is. */
  left(now: number): { ms: number; limit: "idle" | "absolute"; idleWindow: number } {
    const idle = this.#lastAnswerAt + this.#idleWindow - now;
    const absolute = this.#absoluteAt - now;
    const idleWindow = this.#idleWindow;
    return idle < absolute
      ? { ms: idle, limit: "idle", idleWindow }
      : { ms: absolute, limit: "absolute", idleWindow };
  }
}

function storedOffset(session: ServerSession): number | null {
  const [signedInAt, offset] = readStored(KEY)?.split(" ") ?? [];
  return signedInAt === session.signedInAt ? Number(offset) : null;
}
