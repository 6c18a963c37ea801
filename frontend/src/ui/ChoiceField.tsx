/** A question with few answers, all in sight: none is chosen beforehand. */
import type { JSX } from "preact";
import { m } from "../paraglide/messages.js";
import styles from "./ChoiceField.module.css";

interface Choice {
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
}

interface ChoiceFieldProps {
  /** Also the id of the first answer, so that the error summary can focus it. */
  readonly name: string;
  readonly label: string;
  readonly value: string | null;
  readonly choices: readonly Choice[];
  readonly onChange: (value: string) => void;
  readonly error?: string | undefined;
}

export function ChoiceField({
  name,
  label,
  value,
  choices,
  onChange,
  error,
}: ChoiceFieldProps): JSX.Element {
  return (
    <fieldset
      class={`${styles.choices} ${error ? styles.wrong : ""}`}
      aria-describedby={error ? `${name}-error` : undefined}
    >
      <legend>{label}</legend>
      {error && (
        <p id={`${name}-error`} class={styles.error}>
          <span class="visually-hidden">{m.common_error_prefix()} </span>
          {error}
        </p>
      )}
      {choices.map((choice, index) => (
        <label key={choice.value} class={styles.choice}>
          <input
            id={index === 0 ? name : undefined}
            type="radio"
            name={name}
            value={choice.value}
            checked={choice.value === value}
            onChange={() => onChange(choice.value)}
          />
          <span>
            {choice.label}
            {choice.hint && <span class={styles.hint}>{choice.hint}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
