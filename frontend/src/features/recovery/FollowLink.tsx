/** One press spends the link: a mail program that looks at links must not. */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { RefusalFragment, refusalText } from "../../graphql/refusal";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Message } from "../../ui/Message";
import type { OpenRecovery } from "./openRecovery";

const ConfirmRecoveryAddressMutation = graphql(
  `
    mutation ConfirmRecoveryAddress($input: ConfirmRecoveryAddressInput!) {
      confirmRecoveryAddress(input: $input) {
        __typename
        ... on RecoveryAddressConfirmed {
          recovery
          emailAddress
          ways
          letter {
            requestedAt
            expiresAt
          }
        }
        ...Refusal
      }
    }
  `,
  [RefusalFragment],
);

interface FollowLinkProps {
  readonly token: string;
  readonly onFollowed: (open: OpenRecovery) => void;
  readonly onRefused: (message: string) => void;
}

export function FollowLink({ token, onFollowed, onRefused }: FollowLinkProps): JSX.Element {
  const [{ fetching }, confirm] = useMutation(ConfirmRecoveryAddressMutation);
  const [problem, setProblem] = useState<string | null>(null);

  const press = async () => {
    setProblem(null);
    const result = (await confirm({ input: { token } })).data?.confirmRecoveryAddress;
    if (!result) return setProblem(m.common_unreachable());
    if (result.__typename === "RecoveryRefused") return onRefused(refusalText(result));
    if (result.__typename !== "RecoveryAddressConfirmed") return setProblem(refusalText(result));
    const { recovery, emailAddress, ways, letter } = result;
    onFollowed({ recovery, emailAddress, ways, letter });
  };

  return (
    <>
      {problem && (
        <Message kind="danger" isAlert>
          <p>{problem}</p>
        </Message>
      )}
      <div>
        <Button isBusy={fetching} onClick={() => void press()}>
          {m.recovery_continue()}
        </Button>
      </div>
    </>
  );
}
