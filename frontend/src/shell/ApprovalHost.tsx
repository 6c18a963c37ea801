/** Where approvals are shown, whichever page asks; the dialog's code comes when it is needed. */
import { useClient } from "@urql/preact";
import type { ComponentChildren, ComponentType, JSX } from "preact";
import { useCallback, useEffect, useState } from "preact/hooks";
import type { ApprovalDialogProps } from "../features/approvals/ApprovalDialog";
import {
  ApprovalContext,
  type ApprovalToGive,
  type ApprovedOutcome,
  type AskForApproval,
} from "../graphql/approvals";
import { m } from "../paraglide/messages.js";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";

interface Asked {
  readonly approval: ApprovalToGive;
  readonly answer: (outcome: ApprovedOutcome | null) => void;
  /** Null if its code did not arrive. */
  readonly Shown: ComponentType<ApprovalDialogProps> | null;
}

export function ApprovalHost({ children }: { readonly children: ComponentChildren }): JSX.Element {
  const [asked, setAsked] = useState<Asked | null>(null);
  const show = useCallback(async (approval: ApprovalToGive, answer: Asked["answer"]) => {
    const loading = import("../features/approvals/ApprovalDialog");
    const Shown = await loading.then(
      ({ ApprovalDialog }) => ApprovalDialog,
      () => null,
    );
    setAsked({ approval, answer, Shown });
  }, []);
  const ask = useCallback<AskForApproval>(
    (approval) => new Promise((answer) => void show(approval, answer)),
    [show],
  );
  // Another client is another session, or none: what waited there can't be approved here.
  const client = useClient();
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(
    () => () =>
      setAsked((before) => {
        before?.answer(null);
        return null;
      }),
    [client],
  );
  const close = (outcome: ApprovedOutcome | null) => {
    setAsked(null);
    asked?.answer(outcome);
  };
  return (
    <ApprovalContext.Provider value={ask}>
      {children}
      {asked?.Shown && <asked.Shown approval={asked.approval} onClose={close} />}
      {asked && !asked.Shown && (
        <Dialog title={m.common_failed_title()} onClose={() => close(null)}>
          <p>{m.common_unreachable()}</p>
          <div class="buttons">
            <Button onClick={() => void show(asked.approval, asked.answer)}>
              {m.common_retry()}
            </Button>
            <Button kind="secondary" onClick={() => close(null)}>
              {m.common_close()}
            </Button>
          </div>
        </Dialog>
      )}
    </ApprovalContext.Provider>
  );
}
