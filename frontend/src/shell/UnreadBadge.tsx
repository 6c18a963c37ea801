/** How many letters and conversations wait; nothing when none do. */
import type { JSX } from "preact";
import { m } from "../paraglide/messages.js";
import styles from "./UnreadBadge.module.css";

export function UnreadBadge({ count }: { readonly count: number }): JSX.Element | null {
  if (count === 0) return null;
  return (
    <span class={styles.badge}>
      <span aria-hidden="true">{count > 99 ? "99+" : count}</span>
      <span class="visually-hidden">, {m.shell_unread({ count: String(count) })}</span>
    </span>
  );
}
