/** A notice in the flow of the page: a line at its side, a short title, what to do. */
import type { ComponentChildren, JSX } from "preact";
import styles from "./Message.module.css";

interface MessageProps {
  readonly kind?: "info" | "success" | "warning" | "danger";
  readonly title?: string;
  /** Announce at once (something happened), not for text that was there from the start. */
  readonly isAlert?: boolean;
  readonly children?: ComponentChildren;
}

export function Message({
  kind = "info",
  title,
  isAlert = false,
  children,
}: MessageProps): JSX.Element {
  return (
    <div class={`${styles.message} ${styles[kind]}`} role={isAlert ? "alert" : undefined}>
      {title && <p class={styles.title}>{title}</p>}
      {children}
    </div>
  );
}
