/** Shows exactly what is approved and takes the approval: by passkey, or by a TAN (F22, M3). */
import { readFragment } from "gql.tada";
import type { JSX } from "preact";
import { useId } from "preact/hooks";
import {
  ApprovalFragment,
  type ApprovalToGive,
  type ApprovedOutcome,
} from "../../graphql/approvals";
import { formatTime } from "../../lib/format";
import { m } from "../../paraglide/messages.js";
import { Dialog } from "../../ui/Dialog";
import styles from "./ApprovalDialog.module.css";
import { ApprovalEnded } from "./ApprovalEnded";
import { ApprovalMethods } from "./ApprovalMethods";
import { ApprovalTanForm } from "./ApprovalTanForm";
import { useApproving } from "./approving";

export interface ApprovalDialogProps {
  readonly approval: ApprovalToGive;
  /** What the operation came to; null if it was not approved. */
  readonly onClose: (outcome: ApprovedOutcome | null) => void;
}

export function ApprovalDialog({ approval, onClose }: ApprovalDialogProps): JSX.Element {
  const { id, summary, methods, expiresAt } = readFragment(ApprovalFragment, approval);
  const approving = useApproving(id, onClose);
  const summaryId = useId();
  const { step } = approving;
  // An approval on its way may be executed: its outcome must not get lost.
  const cancel = () => !approving.isBusy && onClose(null);
  return (
    <Dialog title={m.approvals_title()} onClose={cancel} describedBy={summaryId}>
      <div id={summaryId} class={styles.summary}>
        <p class="muted small">{m.approvals_summary()}</p>
        <p class={styles.text}>{summary}</p>
      </div>
      {step.name === "choose" && (
        <>
          <p class="muted small">{m.approvals_expires({ time: formatTime(expiresAt) })}</p>
          <ApprovalMethods methods={methods} approving={approving} onCancel={cancel} />
        </>
      )}
      {step.name === "tan" && (
        <ApprovalTanForm sent={step.sent} approving={approving} onCancel={cancel} />
      )}
      {step.name === "ended" && <ApprovalEnded message={step.message} onClose={cancel} />}
    </Dialog>
  );
}
