/** A question whose answer takes some lines: label above, hint below it, error between hint and field. */
import type { JSX } from "preact";
import { m } from "../paraglide/messages.js";
import styles from "./Field.module.css";

interface TextAreaProps {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly hint?: string;
  readonly error?: string | undefined;
  readonly rows?: number;
}

export function TextArea({
  name,
  label,
  value,
  onInput,
  hint,
  error,
  rows = 6,
}: TextAreaProps): JSX.Element {
  const described = [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(" ");
  return (
    <div class={`${styles.field} ${styles.long} ${error ? styles.wrong : ""}`}>
      <label for={name}>{label}</label>
      {hint && (
        <p id={`${name}-hint`} class={styles.hint}>
          {hint}
        </p>
      )}
      {error && (
        <p id={`${name}-error`} class={styles.error}>
          <span class="visually-hidden">{m.common_error_prefix()} </span>
          {error}
        </p>
      )}
      <textarea
        id={name}
        name={name}
        rows={rows}
        value={value}
        aria-invalid={error ? true : undefined}
        aria-describedby={described || undefined}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </div>
  );
}
