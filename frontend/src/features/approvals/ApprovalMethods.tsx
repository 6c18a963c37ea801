/** The ways to approve: the passkey first, a TAN as the other one. */
import type { JSX } from "preact";
import { canUsePasskeys } from "../../lib/passkeys";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Message } from "../../ui/Message";
import type { Approving } from "./approving";

interface ApprovalMethodsProps {
  readonly methods: readonly ("PASSKEY" | "TAN")[];
  readonly approving: Approving;
  readonly onCancel: () => void;
}

export function ApprovalMethods({
  methods,
  approving,
  onCancel,
}: ApprovalMethodsProps): JSX.Element {
  const { problem, isBusy } = approving;
  const offersPasskey = methods.includes("PASSKEY") && canUsePasskeys();
  const offersTan = methods.includes("TAN");
  return (
    <div class="stack">
      {problem && (
        <Message kind="danger" isAlert>
          <p>{problem}</p>
        </Message>
      )}
      {methods.includes("PASSKEY") && !offersPasskey && (
        <p class="muted small">{m.approvals_passkey_unsupported()}</p>
      )}
      {offersPasskey && (
        <Button isWide isBusy={isBusy} onClick={approving.approveWithPasskey}>
          {m.approvals_passkey()}
        </Button>
      )}
      {offersTan && (
        <Button
          isWide
          kind={offersPasskey ? "secondary" : "primary"}
          isBusy={isBusy}
          onClick={approving.requestTan}
        >
          {m.approvals_tan_request()}
        </Button>
      )}
      <div>
        <Button kind="quiet" isBusy={isBusy} onClick={onCancel}>
          {m.common_cancel()}
        </Button>
      </div>
    </div>
  );
}
