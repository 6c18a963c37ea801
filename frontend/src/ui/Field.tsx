/** One question: label above, hint below it, error between hint and field. */
import type { JSX } from "preact";
import { afterPress } from "../lib/afterPress";
import { m } from "../paraglide/messages.js";
import styles from "./Field.module.css";

interface FieldProps {
  /** Also the id of the input, so that the error summary can focus it. */
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  /** The field was left, and no press is under way: the moment to say what is wrong with it. */
  readonly onLeave?: () => void;
  readonly hint?: string;
  readonly error?: string | undefined;
  readonly type?: "text" | "email" | "password" | "date" | "time" | "search" | "tel";
  readonly autocomplete?: string;
  readonly inputMode?: "text" | "numeric" | "decimal" | "email" | "tel";
  readonly isOptional?: boolean;
  readonly isShort?: boolean;
  readonly maxLength?: number;
  /** Offered while typing; anything else can be written, too. */
  readonly suggestions?: readonly string[];
}

export function Field({
  name,
  label,
  value,
  onInput,
  onLeave,
  hint,
  error,
  type = "text",
  autocomplete = "off",
  inputMode,
  isOptional = false,
  isShort = false,
  maxLength,
  suggestions = [],
}: FieldProps): JSX.Element {
  const described = [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(" ");
  return (
    <div class={`${styles.field} ${error ? styles.wrong : ""}`}>
      <label for={name}>
        {label}
        {isOptional && <span class={styles.optional}> ({m.common_optional()})</span>}
      </label>
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
      <input
        id={name}
        name={name}
        type={type}
        value={value}
        autocomplete={autocomplete as JSX.InputHTMLAttributes["autocomplete"]}
        inputMode={inputMode}
        maxLength={maxLength}
        {...offering(name, suggestions)}
        autocapitalize={type === "email" || type === "password" ? "none" : undefined}
        spellcheck={type === "email" || type === "password" ? false : undefined}
        class={isShort ? styles.short : undefined}
        aria-invalid={error ? true : undefined}
        aria-describedby={described || undefined}
        onInput={(event) => onInput(event.currentTarget.value)}
        onBlur={onLeave && (() => afterPress(onLeave))}
      />
      <Suggestions id={`${name}-suggestions`} texts={suggestions} />
    </div>
  );
}

interface SuggestionsProps {
  readonly id: string;
  readonly texts: readonly string[];
}

function offering(name: string, texts: readonly string[]): { readonly list?: string } {
  return texts.length > 0 ? { list: `${name}-suggestions` } : {};
}

function Suggestions({ id, texts }: SuggestionsProps): JSX.Element | null {
  if (texts.length === 0) return null;
  return (
    <datalist id={id}>
      {texts.map((text) => (
        <option key={text} value={text} />
      ))}
    </datalist>
  );
}
