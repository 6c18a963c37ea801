/** The registration that goes on in this tab, so that reloading it does not lose the one-time link. */
const KEY = "kundenportal.registration";

export interface OpenRegistration {
  /** What follows # in the mail's link; spent once the address is confirmed. */
  readonly token?: string;
  /** From the confirmed address on. */
  readonly registration?: string;
  readonly maskedPhoneNumber?: string;
}

/** The link in the address bar comes first; it is taken out of there. */
export function takeRegistration(): OpenRegistration | null {
  const token = location.hash.slice(1);
  if (!token) return readRegistration();
  history.replaceState(history.state, "", location.pathname);
  return keepRegistration({ token });
}

/** null forgets it. Without storage it lasts as long as the page. */
export function keepRegistration(open: OpenRegistration | null): OpenRegistration | null {
  try {
    if (open) sessionStorage.setItem(KEY, JSON.stringify(open));
    else sessionStorage.removeItem(KEY);
  } catch {
    // Blocked: the page keeps it.
  }
  return open;
}

function readRegistration(): OpenRegistration | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  } catch {
    return null;
  }
}
