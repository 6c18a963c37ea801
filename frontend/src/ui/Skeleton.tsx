/** Grey lines in the shape of what is coming; says "loading" once to screen readers. */
import type { JSX } from "preact";
import { m } from "../paraglide/messages.js";
import styles from "./Skeleton.module.css";

interface SkeletonProps {
  /** Number of rows to expect. */
  readonly rows: number;
  /** rows: title, detail and figure; text: plain lines. */
  readonly shape?: "rows" | "text";
}

export function Skeleton({ rows, shape = "rows" }: SkeletonProps): JSX.Element {
  return (
    <div class={styles.skeleton}>
      <span class="visually-hidden" role="status">
        {m.common_loading()}
      </span>
      {Array.from({ length: rows }, (_, index) => `row ${index}`).map((key) => (
        <div key={key} class={shape === "rows" ? styles.row : styles.line} aria-hidden="true">
          <span class={styles.bar} />
          {shape === "rows" && <span class={styles.figure} />}
        </div>
      ))}
    </div>
  );
}
