/** What locking does, and the press that does it after one question (F72). */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { problemsOf, RefusalFragment } from "../../graphql/refusal";
import { useSession } from "../../lib/session";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Message } from "../../ui/Message";
import { AccountLockedFragment, type LockOutcome } from "./AccountLocked";
import styles from "./LockAccount.module.css";

const LockUserAccountMutation = graphql(
  `
    mutation LockUserAccount {
      lockUserAccount {
        __typename
        ...AccountLocked
        ...Refusal
      }
    }
  `,
  [AccountLockedFragment, RefusalFragment],
);

export function LockAccount({
  onLocked,
}: {
  readonly onLocked: (outcome: LockOutcome) => void;
}): JSX.Element {
  const [{ fetching }, lock] = useMutation(LockUserAccountMutation);
  const { end } = useSession();
  const [isAsking, setAsking] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const press = async () => {
    const result = (await lock({})).data?.lockUserAccount;
    setAsking(false);
    if (result?.__typename === "UserAccountLocked") {
      onLocked(result);
      return end("left");
    }
    const messages = problemsOf(result).map(({ message }) => message);
    setProblem(messages.join(" "));
  };
  return (
    <div class="stack">
      <ul class={styles.points}>
        <li>{m.lock_does_sessions()}</li>
        <li>{m.lock_does_devices()}</li>
        <li>{m.lock_does_password()}</li>
        <li>{m.lock_does_contracts()}</li>
      </ul>
      {problem && (
        <Message kind="danger" isAlert>
          <p>{problem}</p>
        </Message>
      )}
      <div>
        <Button onClick={() => setAsking(true)}>{m.lock_action()}</Button>
      </div>
      {isAsking && (
        <Dialog title={m.lock_question()} onClose={() => setAsking(false)}>
          <p>{m.lock_question_text()}</p>
          <div class="buttons">
            <Button isBusy={fetching} onClick={() => void press()}>
              {m.lock_now()}
            </Button>
            <Button kind="secondary" onClick={() => setAsking(false)}>
              {m.common_cancel()}
            </Button>
          </div>
        </Dialog>
      )}
    </div>
  );
}
