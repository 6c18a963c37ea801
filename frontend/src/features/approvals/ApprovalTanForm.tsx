/** The TAN from the text message, which names what it approves. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { tanDigits } from "../../lib/accountChecks";
import { formatTime } from "../../lib/format";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import type { Approving, SentTan } from "./approving";

interface ApprovalTanFormProps {
  readonly sent: SentTan;
  readonly approving: Approving;
  readonly onCancel: () => void;
}

export function ApprovalTanForm({ sent, approving, onCancel }: ApprovalTanFormProps): JSX.Element {
  const { problem, notice, isBusy } = approving;
  const [typed, setTyped] = useState("");
  // biome-ignore lint/correctness/useExhaustiveDependencies: also after each wrong TAN and each new message
  useEffect(() => document.getElementById("approvalTan")?.focus(), [problem, sent]);
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        approving.approveWithTan(tanDigits(typed));
      }}
    >
      <p>{m.approvals_tan_sent({ phone: sent.maskedPhoneNumber })}</p>
      <p class="visually-hidden" role="alert">
        {problem}
      </p>
      <p class={notice ? "small" : "visually-hidden"} role="status">
        {notice}
      </p>
      <Field
        name="approvalTan"
        label={m.approvals_tan()}
        hint={m.approvals_tan_hint({ time: formatTime(sent.expiresAt) })}
        value={typed}
        onInput={setTyped}
        inputMode="numeric"
        autocomplete="one-time-code"
        error={problem ?? undefined}
        isShort
      />
      <div class="buttons">
        <Button type="submit" isBusy={isBusy}>
          {m.approvals_tan_action()}
        </Button>
        <Button kind="secondary" isBusy={isBusy} onClick={onCancel}>
          {m.common_cancel()}
        </Button>
      </div>
      <div>
        <Button kind="quiet" isBusy={isBusy} onClick={approving.requestTan}>
          {m.approvals_tan_again()}
        </Button>
      </div>
    </form>
  );
}
