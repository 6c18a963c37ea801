/** The way of something that was sent: marks with what happened and when, joined by a line. */
import type { JSX } from "preact";
import styles from "./Steps.module.css";

interface Step {
  readonly name: string;
  readonly when: string;
  /** For machines, where `when` is a time. */
  readonly dateTime?: string;
  readonly kind: "done" | "refused" | "open";
  readonly isCurrent?: boolean;
}

export function Steps({ steps }: { readonly steps: readonly Step[] }): JSX.Element {
  return (
    <ol class={styles.steps}>
      {steps.map(({ name, when, dateTime, kind, isCurrent = false }) => (
        <li
          key={name}
          class={`${styles.step} ${styles[kind]}`}
          aria-current={isCurrent ? "step" : undefined}
        >
          <span class={styles.name}>{name}</span>
          {dateTime ? <time dateTime={dateTime}>{when}</time> : <span>{when}</span>}
        </li>
      ))}
    </ol>
  );
}
