/** A notice in the flow of the page: a line at its side, a short title, what to do. */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import styles from "./Message.module.css";

interface MessageProps {
  readonly kind?: "info" | "success" | "warning" | "danger";
  readonly title?: string;
  /** Announce at once (something happened), not for text that was there from the start. */
  readonly isAlert?: boolean;
  /** Takes the focus: what was pressed to get here is gone. */
  readonly takesFocus?: boolean;
  readonly children?: ComponentChildren;
}

export function Message({
  kind = "info",
  title,
  isAlert = false,
  takesFocus = false,
  children,
}: MessageProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (takesFocus) box.current?.focus();
  }, [takesFocus]);
  return (
    <div
      ref={box}
      class={`${styles.message} ${styles[kind]}`}
      role={isAlert ? "alert" : undefined}
      tabIndex={takesFocus ? -1 : undefined}
    >
      {title && <p class={styles.title}>{title}</p>}
      {children}
    </div>
  );
}
