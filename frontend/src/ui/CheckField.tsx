/** A box to tick, never ticked beforehand: its sentence beside it, what is wrong above. */
import type { ComponentChildren, JSX } from "preact";
import { m } from "../paraglide/messages.js";
import styles from "./Field.module.css";

interface CheckFieldProps {
  /** Also the id of the box, so that the error summary can focus it. */
  readonly name: string;
  readonly label: string;
  readonly isChecked: boolean;
  readonly onChange: (isChecked: boolean) => void;
  readonly error?: string | undefined;
  /** Below the sentence: a link to what is agreed to. */
  readonly children?: ComponentChildren;
}

export function CheckField({
  name,
  label,
  isChecked,
  onChange,
  error,
  children,
}: CheckFieldProps): JSX.Element {
  return (
    <div class={`${styles.field} ${styles.statement} ${error ? styles.wrong : ""}`}>
      {error && (
        <p id={`${name}-error`} class={styles.error}>
          <span class="visually-hidden">{m.common_error_prefix()} </span>
          {error}
        </p>
      )}
      <div class={styles.check}>
        <input
          id={name}
          name={name}
          type="checkbox"
          checked={isChecked}
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? `${name}-error` : undefined}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
        <label for={name}>{label}</label>
        {children}
      </div>
    </div>
  );
}
