/** Files to choose or to drop; its button speaks our language, where the browser's own speaks the browser's. */
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { m } from "../paraglide/messages.js";
import { Button } from "./Button";
import field from "./Field.module.css";
import styles from "./FileField.module.css";

interface FileFieldProps {
  /** The id of the button, so that the error summary can focus it. */
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  /** As for `<input accept>`; it helps to choose, the reader of the file judges. */
  readonly accept?: string;
  /** Several at once, listed by who uses the field; a single file is named by the field itself. */
  readonly isMultiple?: boolean;
  readonly isOptional?: boolean;
  readonly onChoose: (files: readonly File[]) => void;
  readonly error?: string | undefined;
}

export function FileField({
  name,
  label,
  hint,
  accept,
  isMultiple = false,
  isOptional = false,
  onChoose,
  error,
}: FileFieldProps): JSX.Element {
  const [isOver, setOver] = useState(false);
  const [chosen, setChosen] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const take = (list: FileList | null | undefined) => {
    const files = Array.from(list ?? []).slice(0, isMultiple ? undefined : 1);
    if (files.length === 0) return;
    setChosen(isMultiple ? "" : (files[0]?.name ?? ""));
    onChoose(files);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is another way to what the button does
    <div
      class={`${field.field} ${error ? field.wrong : ""} ${styles.place} ${isOver ? styles.over : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer?.files);
      }}
    >
      <label id={`${name}-label`} for={name}>
        {label}
        {isOptional && <span class={field.optional}> ({m.common_optional()})</span>}
      </label>
      <p id={`${name}-hint`} class={field.hint}>
        {hint}
      </p>
      {error && (
        <p id={`${name}-error`} class={field.error}>
          <span class="visually-hidden">{m.common_error_prefix()} </span>
          {error}
        </p>
      )}
      <div class={styles.choice}>
        <Button
          id={name}
          kind="secondary"
          labelledBy={`${name}-label ${name}`}
          describedBy={[`${name}-hint`, error && `${name}-error`].filter(Boolean).join(" ")}
          onClick={() => input.current?.click()}
        >
          {isMultiple ? m.common_choose_files() : m.common_choose_file()}
        </Button>
        <span role="status" class={styles.chosen}>
          {chosen}
        </span>
      </div>
      <input
        ref={input}
        id={`${name}-file`}
        type="file"
        hidden
        multiple={isMultiple}
        accept={accept}
        onChange={(event) => {
          take(event.currentTarget.files);
          // The same file may be chosen again after it was changed or removed.
          event.currentTarget.value = "";
        }}
      />
    </div>
  );
}
