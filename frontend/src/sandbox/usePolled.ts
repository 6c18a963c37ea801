/** Asks again and again while the page can be seen. */
import { useEffect, useState } from "preact/hooks";

const EVERY_MS = 2_000;

interface Polled<Answer> {
  /** The last answer; kept when a later one fails. */
  readonly answer: Answer | null;
  readonly hasFailed: boolean;
}

/** `ask` must be the same function in each render. */
export function usePolled<Answer>(ask: () => Promise<Answer>): Polled<Answer> {
  const [polled, setPolled] = useState<Polled<Answer>>({ answer: null, hasFailed: false });
  useEffect(
    () =>
      whileVisible(async () => {
        try {
          const answer = await ask();
          setPolled({ answer, hasFailed: false });
        } catch {
          setPolled((last) => ({ ...last, hasFailed: true }));
        }
      }),
    [ask],
  );
  return polled;
}

/** Runs at once and then again after each pause, never twice at a time; returns how to stop. */
function whileVisible(run: () => Promise<void>): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isRunning = false;
  let isOver = false;
  const next = async () => {
    clearTimeout(timer);
    if (isRunning || isOver || document.visibilityState !== "visible") return;
    isRunning = true;
    await run();
    isRunning = false;
    if (!isOver) timer = setTimeout(next, EVERY_MS);
  };
  void next();
  document.addEventListener("visibilitychange", next);
  return () => {
    isOver = true;
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", next);
  };
}
