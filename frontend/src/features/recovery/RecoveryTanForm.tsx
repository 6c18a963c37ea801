/** The TAN from the text message proves the phone; with it everything changes at once. */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { problemsOf, RefusalFragment, refusalText } from "../../graphql/refusal";
import { tanDigits } from "../../lib/accountChecks";
import { formatTime } from "../../lib/format";
import { useFormProblems } from "../../lib/formProblems";
import type { ServerSession } from "../../lib/sessionClock";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Form } from "../../ui/Form";

const CompleteRecoveryMutation = graphql(
  `
    mutation CompleteRecovery($input: CompleteRecoveryInput!) {
      completeRecovery(input: $input) {
        __typename
        ... on SignedIn {
          viewer {
            id
            session {
              signedInAt
              expiresAt
              idleExpiresAt
            }
          }
        }
        ... on WrongTan {
          attemptsLeft
        }
        ...Refusal
      }
    }
  `,
  [RefusalFragment],
);

interface RecoveryTanFormProps {
  readonly recovery: string;
  readonly expiresAt: string;
  readonly isSending: boolean;
  readonly onSendAgain: () => void;
  readonly onSignedIn: (session: ServerSession) => void;
  readonly onRefused: (message: string) => void;
}

export function RecoveryTanForm({
  recovery,
  expiresAt,
  isSending,
  onSendAgain,
  onSignedIn,
  onRefused,
}: RecoveryTanFormProps): JSX.Element {
  const [{ fetching }, complete] = useMutation(CompleteRecoveryMutation);
  const problems = useFormProblems();
  const [typed, setTyped] = useState("");
  useEffect(() => document.getElementById("tan")?.focus(), []);

  const submit = async () => {
    const tan = tanDigits(typed);
    if (!tan) return problems.refuse([{ field: "tan", message: m.account_tan_needed() }]);
    const result = (await complete({ input: { recovery, tan } })).data?.completeRecovery;
    if (result?.__typename === "SignedIn") return onSignedIn(result.viewer.session);
    if (result?.__typename === "RecoveryRefused") return onRefused(refusalText(result));
    if (result?.__typename !== "WrongTan") return problems.refuse(problemsOf(result));
    const isUsedUp = result.attemptsLeft === 0;
    const message = isUsedUp ? m.recovery_tan_used_up() : refusalText(result);
    problems.refuse([{ field: "tan", message }]);
  };

  return (
    <Form errors={problems.summary} isBusy={fetching} onSubmit={() => void submit()}>
      <Field
        name="tan"
        label={m.recovery_tan()}
        hint={m.recovery_tan_hint({ time: formatTime(expiresAt) })}
        value={typed}
        onInput={setTyped}
        inputMode="numeric"
        autocomplete="one-time-code"
        error={problems.at("tan")}
        isShort
      />
      <div class="buttons">
        <Button type="submit" isBusy={fetching}>
          {m.recovery_complete()}
        </Button>
        <Button kind="quiet" isBusy={isSending} onClick={onSendAgain}>
          {m.recovery_send_new_tan()}
        </Button>
      </div>
    </Form>
  );
}
