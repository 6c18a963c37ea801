/** The TAN from the text message proves the phone; with it everything changes at once. */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { RefusalFragment, refusalText } from "../../graphql/refusal";
import type { ServerSession } from "../../lib/sessionClock";
import { m } from "../../paraglide/messages.js";
import { TanForm, tanProblems } from "../../ui/TanForm";

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

  const submit = async (tan: string) => {
    const result = (await complete({ input: { recovery, tan } })).data?.completeRecovery;
    if (result?.__typename === "SignedIn") onSignedIn(result.viewer.session);
    else if (result?.__typename === "RecoveryRefused") onRefused(refusalText(result));
    else return tanProblems(result);
    return [];
  };

  return (
    <TanForm
      expiresAt={expiresAt}
      action={m.recovery_complete()}
      isBusy={fetching}
      isSending={isSending}
      onSendAgain={onSendAgain}
      onTan={submit}
    />
  );
}
