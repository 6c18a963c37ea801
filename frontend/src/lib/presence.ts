/** Whose session this tab is in, as the server said last: without a network nobody else can tell. */

interface Presence {
  readonly account: string;
  /** When the session ends, in this device's clock. */
  readonly until: number;
}

const KEY = "kundenportal.presence";

/** A tab's own storage outlives a reload, but not the tab. */
export function notePresence(account: string, until: number): void {
  const presence: Presence = { account, until };
  try {
    sessionStorage.setItem(KEY, JSON.stringify(presence));
  } catch {
    // Then pages need a network after a reload.
  }
}

/** null once the session is over by the clock. */
export function presence(now: number): Presence | null {
  try {
    const noted: Presence | null = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    return noted && noted.until > now ? noted : null;
  } catch {
    return null;
  }
}

/** Whose session it was, if anybody's. */
export function forgetPresence(): string | null {
  const noted = presence(0);
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Nothing was noted.
  }
  return noted?.account ?? null;
}
