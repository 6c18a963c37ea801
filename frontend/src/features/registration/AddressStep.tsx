/** One press spends the link: a mail program that looks at links must not. */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { RefusalFragment, refusalText } from "../../graphql/refusal";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Message } from "../../ui/Message";
import type { OpenRegistration } from "./openRegistration";

const ConfirmRegistrationAddressMutation = graphql(
  `
    mutation ConfirmRegistrationAddress($input: ConfirmRegistrationAddressInput!) {
      confirmRegistrationAddress(input: $input) {
        __typename
        ... on RegistrationAddressConfirmed {
          registration
          maskedPhoneNumber
        }
        ...Refusal
      }
    }
  `,
  [RefusalFragment],
);

interface AddressStepProps {
  readonly token: string;
  readonly onConfirmed: (open: OpenRegistration) => void;
  readonly onRefused: (message: string) => void;
}

export function AddressStep({ token, onConfirmed, onRefused }: AddressStepProps): JSX.Element {
  const [{ fetching }, confirm] = useMutation(ConfirmRegistrationAddressMutation);
  const [problem, setProblem] = useState<string | null>(null);

  const press = async () => {
    setProblem(null);
    const result = (await confirm({ input: { token } })).data?.confirmRegistrationAddress;
    if (!result) return setProblem(m.common_unreachable());
    if (result.__typename === "RegistrationRefused") return onRefused(refusalText(result));
    if (result.__typename !== "RegistrationAddressConfirmed") {
      return setProblem(refusalText(result));
    }
    const { registration, maskedPhoneNumber } = result;
    onConfirmed({ registration, maskedPhoneNumber });
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
          {m.registration_continue()}
        </Button>
      </div>
    </>
  );
}
