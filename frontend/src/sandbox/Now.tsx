/** The sandbox's time in Berlin, running by the second. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useLocale } from "../lib/locale";
import { getLocale } from "../paraglide/runtime.js";
import { Skeleton } from "../ui/Skeleton";
import styles from "./ClockPanel.module.css";
import type { Time } from "./sandboxApi";

const SECOND_MS = 1_000;

export function Now({ time }: { readonly time: Time | null }): JSX.Element {
  useLocale();
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((n) => n + 1), SECOND_MS);
    return () => clearInterval(timer);
  }, []);
  if (!time) return <Skeleton rows={1} shape="text" />;
  const now = new Date(Date.parse(time.now) + performance.now() - time.askedAt).toISOString();
  return (
    <p class={styles.now}>
      <time dateTime={now}>{nowText(now)}</time>
    </p>
  );
}

/** "Samstag, 21. November 2026 um 09:04:57 MEZ" */
export function nowText(instant: string): string {
  return new Intl.DateTimeFormat(getLocale() === "de" ? "de-DE" : "en-GB", {
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZone: "Europe/Berlin",
    timeZoneName: "short",
  }).format(new Date(instant));
}
