/** A file to choose or to drop; nothing of it is sent anywhere. */
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import styles from "./FileField.module.css";

interface FileFieldProps {
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  /** As for `<input accept>`. */
  readonly accept?: string;
  readonly onChoose: (file: File) => void;
}

export function FileField({ name, label, hint, accept, onChoose }: FileFieldProps): JSX.Element {
  const [isOver, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const take = (files: FileList | null) => {
    const file = files?.[0];
    if (file) onChoose(file);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is another way to what the field does
    <div
      class={`${styles.field} ${isOver ? styles.over : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        if (!event.dataTransfer || !input.current) return;
        // The field then says itself which file it holds.
        input.current.files = event.dataTransfer.files;
        take(event.dataTransfer.files);
      }}
    >
      <label for={name}>{label}</label>
      <p id={`${name}-hint`} class={styles.hint}>
        {hint}
      </p>
      <input
        ref={input}
        id={name}
        type="file"
        accept={accept}
        aria-describedby={`${name}-hint`}
        onChange={(event) => take(event.currentTarget.files)}
      />
    </div>
  );
}
