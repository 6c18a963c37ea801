/** Files to choose: they are taken at once, the field stays empty for the next. */
import type { JSX } from "preact";
import { m } from "../paraglide/messages.js";
import styles from "./Field.module.css";

interface FileFieldProps {
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly accept: string;
  readonly onChoose: (files: readonly File[]) => void;
  readonly error?: string | undefined;
}

export function FileField({
  name,
  label,
  hint,
  accept,
  onChoose,
  error,
}: FileFieldProps): JSX.Element {
  return (
    <div class={`${styles.field} ${error ? styles.wrong : ""}`}>
      <label for={name}>
        {label}
        <span class={styles.optional}> ({m.common_optional()})</span>
      </label>
      <p id={`${name}-hint`} class={styles.hint}>
        {hint}
      </p>
      {error && (
        <p id={`${name}-error`} class={styles.error}>
          <span class="visually-hidden">{m.common_error_prefix()} </span>
          {error}
        </p>
      )}
      <input
        id={name}
        name={name}
        type="file"
        multiple
        accept={accept}
        aria-invalid={error ? true : undefined}
        aria-describedby={[`${name}-hint`, error && `${name}-error`].filter(Boolean).join(" ")}
        onChange={(event) => {
          onChoose(Array.from(event.currentTarget.files ?? []));
          event.currentTarget.value = "";
        }}
      />
    </div>
  );
}
