/** Listens to the server, which says when the postbox changed and no more than that. */

const ADDRESS = "/postbox/changes";
const RETRY_MS = 60_000;

/**
 * Calls back when something may have changed: after each connection and after each change. Listens
 * while the page is visible only; returns how to stop.
 */
export function listenToPostbox(onChange: () => void): () => void {
  if (typeof EventSource === "undefined") return () => undefined;
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const close = () => {
    clearTimeout(timer);
    source?.close();
    source = null;
  };
  const comeBackLater = () => {
    timer = setTimeout(follow, RETRY_MS);
  };
  const open = () => {
    close();
    const opened = new EventSource(ADDRESS);
    source = opened;
    opened.addEventListener("open", onChange);
    opened.addEventListener("change", onChange);
    opened.addEventListener("end", () => {
      close();
      onChange();
      comeBackLater();
    });
    opened.addEventListener("error", () => {
      // The browser comes again by itself unless it was refused.
      if (opened.readyState === EventSource.CLOSED) comeBackLater();
    });
  };
  const follow = () => (document.visibilityState === "visible" ? open() : close());

  document.addEventListener("visibilitychange", follow);
  follow();
  return () => {
    document.removeEventListener("visibilitychange", follow);
    close();
  };
}
