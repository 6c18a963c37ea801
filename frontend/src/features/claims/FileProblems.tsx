/** Files that became no page: each with its reason and what to do instead. */
import type { JSX } from "preact";
import { m } from "../../paraglide/messages.js";
import { Message } from "../../ui/Message";
import styles from "./FileProblems.module.css";
import type { FileProblem } from "./imageFile";
import { type TakenFiles, wrongKindText } from "./takenFiles";

export interface RefusedFile {
  readonly name: string;
  readonly reason: FileProblem | "full" | "tooMany" | "besidePages" | "besideFile" | "notKept";
}

interface FileProblemsProps {
  readonly problems: readonly RefusedFile[];
  readonly taken: TakenFiles;
  /** Something was taken, now or before. */
  readonly hasRest: boolean;
}

export function FileProblems({ problems, taken, hasRest }: FileProblemsProps): JSX.Element | null {
  if (problems.length === 0) return null;
  const isDevice = problems.every(({ reason }) => reason === "full" || reason === "notKept");
  return (
    <Message
      kind="danger"
      isAlert
      title={isDevice ? m.claims_not_kept_title() : m.claims_files_refused()}
    >
      <ul class={styles.problems}>
        {problems.map(({ name, reason }) => (
          <li key={`${name}${reason}`}>
            {name && <strong>{name}: </strong>}
            {reasonText(reason, taken)}
          </li>
        ))}
      </ul>
      {hasRest && !isDevice && <p>{m.claims_files_rest_kept()}</p>}
    </Message>
  );
}

function reasonText(reason: RefusedFile["reason"], taken: TakenFiles): string {
  switch (reason) {
    case "empty":
      return m.claims_file_empty();
    case "tooLarge":
      return m.claims_file_too_large();
    case "wrongKind":
      return wrongKindText(taken);
    case "heic":
      return m.claims_file_heic();
    case "damaged":
      return m.claims_file_damaged();
    case "noPdf":
      return m.claims_file_no_pdf();
    case "damagedPdf":
      return m.claims_file_damaged_pdf();
    case "lockedPdf":
      return m.claims_file_locked_pdf();
    case "otherFiles":
      return m.claims_file_other_files();
    case "fileTooLarge":
      return m.claims_file_too_large_as_it_is();
    case "noInvoice":
      return m.claims_file_no_invoice();
    case "unknownXml":
      return m.claims_file_unknown_xml();
    case "besidePages":
      return m.claims_file_beside_pages();
    case "besideFile":
      return m.claims_file_beside_file();
    case "tooMany":
      return m.claims_file_too_many();
    case "full":
      return m.claims_file_full();
    case "notKept":
      return m.claims_file_not_kept();
  }
}
