/** Second step by password: the TAN from the text message. */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { problemsOf, RefusalFragment } from "../../graphql/refusal";
import { newDevice, rememberDevice } from "../../lib/deviceKeys";
import { type FieldProblem, problemOf } from "../../lib/fieldErrors";
import { formatTime } from "../../lib/format";
import type { ServerSession } from "../../lib/sessionClock";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Form } from "../../ui/Form";
import { RememberDevice } from "../../ui/RememberDevice";

const ConfirmSignInMutation = graphql(
  `
    mutation ConfirmSignIn($input: ConfirmSignInInput!) {
      confirmSignIn(input: $input) {
        __typename
        ... on SignedIn {
          device {
            id
          }
          viewer {
            id
            session {
              signedInAt
              expiresAt
              idleExpiresAt
            }
          }
        }
        ...Refusal
      }
    }
  `,
  [RefusalFragment],
);

export interface TanChallenge {
  readonly challenge: string;
  readonly maskedPhoneNumber: string;
  readonly expiresAt: string;
}

interface TanFormProps {
  readonly emailAddress: string;
  readonly tan: TanChallenge;
  readonly onSignedIn: (session: ServerSession) => void;
  readonly onStartAgain: () => void;
}

export function TanForm({
  emailAddress,
  tan,
  onSignedIn,
  onStartAgain,
}: TanFormProps): JSX.Element {
  const [{ fetching }, confirm] = useMutation(ConfirmSignInMutation);
  const [digits, setDigits] = useState("");
  const [isRemembered, setRemembered] = useState(false);
  const [problems, setProblems] = useState<FieldProblem[]>([]);
  useEffect(() => document.getElementById("tan")?.focus(), []);

  const submit = async () => {
    const typed = digits.replaceAll(/\s/g, "");
    if (!typed) {
      setProblems([{ field: "tan", message: m.sign_in_need_tan() }]);
      return;
    }
    const { challenge } = tan;
    const device = isRemembered ? await newDevice(challenge) : null;
    const input = { challenge, tan: typed, ...(device && { newDevice: device.introduction }) };
    const result = (await confirm({ input })).data?.confirmSignIn;
    // Which factor was wrong is never told: that belongs to no field.
    if (result?.__typename !== "SignedIn") return setProblems(problemsOf(result));
    await rememberDevice(emailAddress, device, result.device);
    onSignedIn(result.viewer.session);
  };

  return (
    <Form errors={problems} isBusy={fetching} onSubmit={() => void submit()}>
      <Field
        name="tan"
        label={m.sign_in_tan()}
        hint={m.sign_in_tan_hint({ time: formatTime(tan.expiresAt) })}
        value={digits}
        onInput={setDigits}
        inputMode="numeric"
        autocomplete="one-time-code"
        error={problemOf(problems, "tan")}
        isShort
      />
      <RememberDevice isChecked={isRemembered} onChange={setRemembered} />
      <div class="buttons">
        <Button type="submit" isBusy={fetching}>
          {m.sign_in_tan_action()}
        </Button>
        <Button kind="quiet" onClick={onStartAgain}>
          {m.sign_in_tan_again()}
        </Button>
      </div>
    </Form>
  );
}
