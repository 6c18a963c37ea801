/** A question with few fixed answers. */
import type { JSX } from "preact";
import { m } from "../paraglide/messages.js";
import styles from "./Field.module.css";

interface SelectFieldProps {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly onChange: (value: string) => void;
  readonly error?: string | undefined;
}

export function SelectField({
  name,
  label,
  value,
  options,
  onChange,
  error,
}: SelectFieldProps): JSX.Element {
  return (
    <div class={`${styles.field} ${error ? styles.wrong : ""}`}>
      <label for={name}>{label}</label>
      {error && (
        <p id={`${name}-error`} class={styles.error}>
          <span class="visually-hidden">{m.common_error_prefix()} </span>
          {error}
        </p>
      )}
      <select
        id={name}
        name={name}
        value={value}
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? `${name}-error` : undefined}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}
