/** The sandbox's own interface: personas, caught messages and the clock. */

export interface Persona {
  readonly key: string;
  readonly name: string;
  readonly email: string;
  readonly phone: string;
  readonly language: string;
  readonly proves_de: string;
  readonly proves_en: string;
  /** A device this person has, for a browser to become it. */
  readonly device: { readonly id: string; readonly privateKey: JsonWebKey } | null;
}

export interface People {
  readonly password: string;
  readonly personas: readonly Persona[];
}

export interface CaughtMessage {
  readonly id: number;
  readonly channel: "MAIL" | "SMS" | "LETTER" | "PUSH";
  readonly sender: string;
  readonly recipient: string;
  readonly subject: string;
  readonly text: string;
  readonly sent_at: string;
}

/** `now` is the sandbox's instant, `askedAt` this page's `performance.now()` when it was told. */
export interface Time {
  readonly now: string;
  readonly today: string;
  readonly askedAt: number;
}

/** How the core systems misbehave. */
export type CoreFault =
  | "NONE"
  | "DOWN"
  | "SLOW"
  | "BROKEN"
  | "SILENT"
  | "TWICE"
  | "REFUSES"
  | "OUT_OF_ORDER"
  | "EARLY";

interface CoreEvent {
  readonly id: string;
  readonly kind: string;
  readonly institution: string;
  readonly occurredAt: string;
  /** How often it came. */
  readonly count: number;
}

interface Core {
  readonly fault: CoreFault;
  /** Newest first. */
  readonly events: readonly CoreEvent[];
}

type Told = Omit<Time, "askedAt">;

export function fetchPeople(): Promise<People> {
  return ask("/sandbox/api/personas");
}

/** Newest first. */
export async function fetchMessages(): Promise<readonly CaughtMessage[]> {
  return (await ask<{ messages: readonly CaughtMessage[] }>("/sandbox/api/messages")).messages;
}

export async function fetchTime(): Promise<Time> {
  return { ...(await ask<Told>("/sandbox/api/clock")), askedAt: performance.now() };
}

/** Sets the clock to an instant with zone; it runs on from there. */
export async function travelTo(instant: string): Promise<Time> {
  const told = await ask<Told>("/sandbox/api/clock", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ instant }),
  });
  return { ...told, askedAt: performance.now() };
}

export function fetchCore(): Promise<Core> {
  return ask("/sandbox/api/core");
}

export async function misbehave(fault: CoreFault): Promise<void> {
  await ask("/sandbox/api/core", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ fault }),
  });
}

async function ask<Answer>(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(path, { credentials: "same-origin", cache: "no-store", ...init });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}
