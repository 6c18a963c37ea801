/** The TAN from the text message opens the account. */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { RefusalFragment, refusalText } from "../../graphql/refusal";
import { newDevice, rememberDevice } from "../../lib/deviceKeys";
import type { ServerSession } from "../../lib/sessionClock";
import { m } from "../../paraglide/messages.js";
import { RememberDevice } from "../../ui/RememberDevice";
import { TanForm, tanProblems } from "../../ui/TanForm";

const CompleteRegistrationMutation = graphql(
  `
    mutation CompleteRegistration($input: CompleteRegistrationInput!) {
      completeRegistration(input: $input) {
        __typename
        ... on SignedIn {
          device {
            id
          }
          viewer {
            id
            emailAddress
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

interface RegistrationTanFormProps {
  readonly registration: string;
  readonly expiresAt: string;
  readonly isSending: boolean;
  readonly onSendAgain: () => void;
  readonly onSignedIn: (session: ServerSession) => void;
  readonly onRefused: (message: string) => void;
}

export function RegistrationTanForm({
  registration,
  expiresAt,
  isSending,
  onSendAgain,
  onSignedIn,
  onRefused,
}: RegistrationTanFormProps): JSX.Element {
  const [{ fetching }, complete] = useMutation(CompleteRegistrationMutation);
  const [isRemembered, setRemembered] = useState(false);

  const submit = async (tan: string) => {
    const device = isRemembered ? await newDevice(registration) : null;
    const input = { registration, tan, ...(device && { newDevice: device.introduction }) };
    const result = (await complete({ input })).data?.completeRegistration;
    if (result?.__typename === "SignedIn") {
      await rememberDevice(result.viewer.emailAddress, device, result.device);
      onSignedIn(result.viewer.session);
    } else if (result?.__typename === "RegistrationRefused") onRefused(refusalText(result));
    else return tanProblems(result);
    return [];
  };

  return (
    <TanForm
      expiresAt={expiresAt}
      action={m.registration_open_account()}
      isBusy={fetching}
      isSending={isSending}
      onSendAgain={onSendAgain}
      onTan={submit}
    >
      <RememberDevice isChecked={isRemembered} onChange={setRemembered} />
    </TanForm>
  );
}
