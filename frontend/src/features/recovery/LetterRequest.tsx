/** Asks for the letter; where it goes nobody types. */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { RefusalFragment, refusalText } from "../../graphql/refusal";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Message } from "../../ui/Message";
import type { SentLetter } from "./openRecovery";

const RequestRecoveryLetterMutation = graphql(
  `
    mutation RequestRecoveryLetter($input: RequestRecoveryLetterInput!) {
      requestRecoveryLetter(input: $input) {
        __typename
        ... on RecoveryLetter {
          requestedAt
          expiresAt
        }
        ...Refusal
      }
    }
  `,
  [RefusalFragment],
);

interface LetterRequestProps {
  readonly recovery: string;
  readonly kind: "primary" | "secondary";
  readonly onSent: (letter: SentLetter) => void;
  readonly onRefused: (message: string) => void;
}

export function LetterRequest({
  recovery,
  kind,
  onSent,
  onRefused,
}: LetterRequestProps): JSX.Element {
  const [{ fetching }, request] = useMutation(RequestRecoveryLetterMutation);
  const [problem, setProblem] = useState<string | null>(null);

  const press = async () => {
    setProblem(null);
    const result = (await request({ input: { recovery } })).data?.requestRecoveryLetter;
    if (!result) return setProblem(m.common_unreachable());
    if (result.__typename === "RecoveryRefused") return onRefused(refusalText(result));
    if (result.__typename !== "RecoveryLetter") return setProblem(refusalText(result));
    const { requestedAt, expiresAt } = result;
    onSent({ requestedAt, expiresAt });
  };

  return (
    <>
      <p>{m.recovery_way_letter_text()}</p>
      {problem && (
        <Message kind="danger" isAlert>
          <p>{problem}</p>
        </Message>
      )}
      <div>
        <Button kind={kind} isBusy={fetching} onClick={() => void press()}>
          {m.recovery_way_letter_action()}
        </Button>
      </div>
    </>
  );
}
