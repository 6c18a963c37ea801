/** Waits for a press under way: what moves while the finger is down makes it miss. */
let isPressed = false;

if (typeof document !== "undefined") {
  const note = (pressed: boolean) => () => {
    isPressed = pressed;
  };
  document.addEventListener("pointerdown", note(true), true);
  document.addEventListener("pointerup", note(false), true);
  document.addEventListener("pointercancel", note(false), true);
}

/** Runs at once, or once the finger or the mouse button is up and its click has arrived. */
export function afterPress(act: () => void): void {
  if (!isPressed) {
    act();
    return;
  }
  const ends = new AbortController();
  const end = () => {
    ends.abort();
    setTimeout(act);
  };
  document.addEventListener("pointerup", end, { capture: true, signal: ends.signal });
  document.addEventListener("pointercancel", end, { capture: true, signal: ends.signal });
}
