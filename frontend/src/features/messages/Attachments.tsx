/** The files of a message and how far each has come; refused ones say what to do. */
import type { JSX } from "preact";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { FileField } from "../../ui/FileField";
import styles from "./Attachments.module.css";
import { acceptedFiles, attachableText } from "./attachable";
import type { AttachedFile, Uploads } from "./useUploads";

interface AttachmentsProps {
  /** Media types that can be attached; none: nothing can. */
  readonly types: readonly string[];
  readonly megabytes: number;
  readonly uploads: Uploads;
  readonly error?: string | undefined;
}

export function Attachments({
  types,
  megabytes,
  uploads,
  error,
}: AttachmentsProps): JSX.Element | null {
  if (types.length === 0) return null;
  return (
    <div class="stack">
      <FileField
        name="attachments"
        label={m.messages_attach()}
        hint={attachableText(types, megabytes)}
        accept={acceptedFiles(types)}
        isMultiple
        isOptional
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
