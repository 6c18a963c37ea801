/** What locking does, and the press that does it after one question (F72). */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { problemText, RefusalFragment } from "../../graphql/refusal";
import { useSession } from "../../lib/session";
import { m } from "../../paraglide/messages.js";
import { AskedButton } from "../../ui/AskedButton";
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
  const [, lock] = useMutation(LockUserAccountMutation);
  const { end } = useSession();
  const answer = async () => {
    const result = (await lock({})).data?.lockUserAccount;
    if (result?.__typename !== "UserAccountLocked") return problemText(result);
    onLocked(result);
    end("left");
    return null;
  };
  return (
    <div class="stack">
      <ul class={styles.points}>
        <li>{m.lock_does_sessions()}</li>
        <li>{m.lock_does_devices()}</li>
        <li>{m.lock_does_password()}</li>
        <li>{m.lock_does_contracts()}</li>
      </ul>
      <div>
        <AskedButton
          label={m.lock_action()}
          kind="primary"
          title={m.lock_question()}
          text={m.lock_question_text()}
          yes={m.lock_now()}
          onYes={answer}
        />
      </div>
    </div>
  );
}
