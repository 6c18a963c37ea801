/** Files sent along and how far each has come; refused ones say what to do. */
import type { JSX } from "preact";
import { m } from "../paraglide/messages.js";
import styles from "./Attachments.module.css";
import { acceptedFiles, attachableText } from "./attachable";
import { Button } from "./Button";
import { FileField } from "./FileField";
import type { AttachedFile, Uploads } from "./useUploads";

interface AttachmentsProps {
  /** Also the id of the button, so that the error summary can focus it. */
  readonly name?: string;
  /** What they are here; without it, the files of a message. */
  readonly label?: string;
  readonly isOptional?: boolean;
  /** Media types that can be attached; none: nothing can. */
  readonly types: readonly string[];
  readonly megabytes: number;
  readonly uploads: Uploads;
  readonly error?: string | undefined;
}

export function Attachments({
  name = "attachments",
  label = m.messages_attach(),
  isOptional = true,
  types,
  megabytes,
  uploads,
  error,
}: AttachmentsProps): JSX.Element | null {
  if (types.length === 0) return null;
  return (
    <div class="stack">
      <FileField
        name={name}
        label={label}
        hint={attachableText(types, megabytes)}
        accept={acceptedFiles(types)}
        isMultiple
        isOptional={isOptional}
        onChoose={uploads.add}
        error={error}
      />
      <ul class={styles.files} aria-label={m.messages_attachments()} aria-live="polite">
        {uploads.files.map((file) => (
          <li key={file.number} class={styles.file}>
            <span class={styles.name}>{file.name}</span>
            <span class={file.state === "refused" ? styles.refused : "muted small"}>
              {stateText(file)}
            </span>
            <Button kind="quiet" onClick={() => uploads.remove(file.number)}>
              {m.messages_remove()}
              <span class="visually-hidden"> {file.name}</span>
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function stateText(file: AttachedFile): string {
  switch (file.state) {
    case "sending":
      return m.messages_file_sending();
    case "checking":
      return m.messages_file_checking();
    case "accepted":
      return m.messages_file_accepted();
    case "refused":
      return m.messages_file_refused({ reason: file.message ?? "" });
  }
}
