/** The token of the link in the QR code, kept in this tab while somebody signs in for it. */
const KEY = "kundenportal.handover";

/** What follows # reaches no server and no log; it is taken out of the address bar. */
export function takeToken(): string {
  const token = location.hash.slice(1);
  if (!token) return read();
  history.replaceState(history.state, "", location.pathname);
  try {
    sessionStorage.setItem(KEY, token);
  } catch {
    // Blocked: the page keeps it.
  }
  return token;
}

export function dropToken(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Nothing was kept.
  }
}

function read(): string {
  try {
    return sessionStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}
