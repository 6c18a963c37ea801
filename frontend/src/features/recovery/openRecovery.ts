/** The recovery that goes on in this tab, so that reloading it does not lose the one-time link. */
const KEY = "kundenportal.recovery";

export interface SentLetter {
  readonly requestedAt: string;
  readonly expiresAt: string;
}

export interface OpenRecovery {
  /** What follows # in the mail's link; spent once it was followed. */
  readonly token?: string;
  /** From the followed link on. */
  readonly recovery?: string;
  /** Whose mailbox it was; this browser may keep a key for it. */
  readonly emailAddress?: string;
  readonly ways?: readonly string[];
  readonly letter?: SentLetter | null;
  /** From the code of the letter on; a password is never kept here. */
  readonly maskedPhoneNumber?: string;
}

/** The link in the address bar comes first; it is taken out of there. */
export function takeRecovery(): OpenRecovery | null {
  const token = location.hash.slice(1);
  if (!token) return readRecovery();
  history.replaceState(history.state, "", location.pathname);
  return keepRecovery({ token });
}

/** null forgets it. Without storage it lasts as long as the page. */
export function keepRecovery(open: OpenRecovery | null): OpenRecovery | null {
  try {
    if (open) sessionStorage.setItem(KEY, JSON.stringify(open));
    else sessionStorage.removeItem(KEY);
  } catch {
    // Blocked: the page keeps it.
  }
  return open;
}

function readRecovery(): OpenRecovery | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  } catch {
    return null;
  }
}
