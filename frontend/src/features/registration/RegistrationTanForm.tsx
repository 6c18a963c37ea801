/** The TAN from the text message opens the account. */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { problemsOf, RefusalFragment, refusalText } from "../../graphql/refusal";
import { tanDigits } from "../../lib/accountChecks";
import { newDevice, rememberDevice } from "../../lib/deviceKeys";
import { formatTime } from "../../lib/format";
import { useFormProblems } from "../../lib/formProblems";
import type { ServerSession } from "../../lib/sessionClock";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Form } from "../../ui/Form";
import { RememberDevice } from "../../ui/RememberDevice";

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
  const problems = useFormProblems();
  const [isRemembered, setRemembered] = useState(false);
  const [typed, setTyped] = useState("");
  useEffect(() => document.getElementById("tan")?.focus(), []);

  const submit = async () => {
    const tan = tanDigits(typed);
    if (!tan) return problems.refuse([{ field: "tan", message: m.account_tan_needed() }]);
    const device = isRemembered ? await newDevice(registration) : null;
    const input = { registration, tan, ...(device && { newDevice: device.introduction }) };
    const result = (await complete({ input })).data?.completeRegistration;
    if (result?.__typename === "SignedIn") {
      await rememberDevice(result.viewer.emailAddress, device, result.device);
      return onSignedIn(result.viewer.session);
    }
    if (result?.__typename === "RegistrationRefused") return onRefused(refusalText(result));
    if (result?.__typename !== "WrongTan") return problems.refuse(problemsOf(result));
    const isUsedUp = result.attemptsLeft === 0;
    const message = isUsedUp ? m.registration_tan_used_up() : refusalText(result);
    problems.refuse([{ field: "tan", message }]);
  };

  return (
    <Form errors={problems.summary} isBusy={fetching} onSubmit={() => void submit()}>
      <Field
        name="tan"
        label={m.registration_tan()}
        hint={m.registration_tan_hint({ time: formatTime(expiresAt) })}
        value={typed}
        onInput={setTyped}
        inputMode="numeric"
        autocomplete="one-time-code"
        error={problems.at("tan")}
        isShort
      />
      <RememberDevice isChecked={isRemembered} onChange={setRemembered} />
      <div class="buttons">
        <Button type="submit" isBusy={fetching}>
          {m.registration_open_account()}
        </Button>
        <Button kind="quiet" isBusy={isSending} onClick={onSendAgain}>
          {m.registration_send_new_tan()}
        </Button>
      </div>
    </Form>
  );
}
