/** A list of rows divided by hairlines. */
import type { ComponentChildren, JSX } from "preact";
import styles from "./Rows.module.css";

interface RowsProps {
  /** Name of the list for screen readers when no heading stands right above. */
  readonly label?: string;
  readonly children: ComponentChildren;
}

export function Rows({ label, children }: RowsProps): JSX.Element {
  return (
    <ul class={styles.rows} aria-label={label}>
      {children}
    </ul>
  );
}
