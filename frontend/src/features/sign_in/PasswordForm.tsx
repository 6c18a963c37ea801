/** First step by password; this device's key is the second one, or a TAN to the account's phone. */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { problemsOf, RefusalFragment } from "../../graphql/refusal";
import { type DeviceKey, deviceOf, forgetDevice, signChallenge } from "../../lib/deviceKeys";
import { type FieldProblem, problemOf } from "../../lib/fieldErrors";
import type { ServerSession } from "../../lib/sessionClock";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Form } from "../../ui/Form";
import { Section } from "../../ui/Section";
import type { TanChallenge } from "./TanForm";

const SignInWithPasswordMutation = graphql(
  `
    mutation SignInWithPassword($input: SignInWithPasswordInput!) {
      signInWithPassword(input: $input) {
        __typename
        ... on TanRequired {
          challenge
          maskedPhoneNumber
          expiresAt
        }
        ... on DeviceProofRequired {
          challenge
        }
        ...Refusal
      }
    }
  `,
  [RefusalFragment],
);

const ConfirmSignInWithDeviceMutation = graphql(
  `
    mutation ConfirmSignInWithDevice($input: ConfirmSignInWithDeviceInput!) {
      confirmSignInWithDevice(input: $input) {
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
        ...Refusal
      }
    }
  `,
  [RefusalFragment],
);

interface PasswordFormProps {
  readonly emailAddress: string;
  readonly onEmailAddress: (value: string) => void;
  readonly onTan: (tan: TanChallenge) => void;
  readonly onSignedIn: (session: ServerSession) => void;
}

export function PasswordForm({
  emailAddress,
  onEmailAddress,
  onTan,
  onSignedIn,
}: PasswordFormProps): JSX.Element {
  const [{ fetching }, signIn] = useMutation(SignInWithPasswordMutation);
  const [{ fetching: isProving }, confirm] = useMutation(ConfirmSignInWithDeviceMutation);
  const [password, setPassword] = useState("");
  const [isShown, setShown] = useState(false);
  const [problems, setProblems] = useState<FieldProblem[]>([]);

  const isBusy = fetching || isProving;

  const submit = async () => {
    const missing = missingFields(emailAddress, password);
    setProblems(missing);
    if (missing.length > 0) return;
    const device = await deviceOf(emailAddress);
    const input = { emailAddress: emailAddress.trim(), password };
    const answer = await signIn({ input: { ...input, ...(device && { device: device.id }) } });
    const result = answer.data?.signInWithPassword;
    if (result?.__typename === "TanRequired") return onTan(result);
    if (result?.__typename !== "DeviceProofRequired" || !device) {
      return setProblems(
        problemsOf(result?.__typename === "DeviceProofRequired" ? undefined : result),
      );
    }
    await prove(device, result.challenge);
  };
  const prove = async (device: DeviceKey, challenge: string) => {
    const signature = await signChallenge(device.key, "device sign-in", challenge);
    const answer = await confirm({ input: { challenge, signature } });
    const result = answer.data?.confirmSignInWithDevice;
    if (result?.__typename === "SignedIn") return onSignedIn(result.viewer.session);
    // A key that does not fit must not stand in the way: the next press asks for a TAN.
    if (result?.__typename === "SignInRefused") await forgetDevice(emailAddress);
    setProblems(problemsOf(result));
  };

  return (
    <Section title={m.sign_in_password_title()}>
      <Form errors={problems} isBusy={isBusy} onSubmit={() => void submit()}>
        <Field
          name="emailAddress"
          label={m.sign_in_email()}
          type="email"
          inputMode="email"
          autocomplete="username"
          value={emailAddress}
          onInput={onEmailAddress}
          error={problemOf(problems, "emailAddress")}
        />
        <Field
          name="password"
          label={m.sign_in_password()}
          type={isShown ? "text" : "password"}
          autocomplete="current-password"
          value={password}
          onInput={setPassword}
          error={problemOf(problems, "password")}
        />
        <label class="check">
          <input
            type="checkbox"
            checked={isShown}
            onChange={(event) => setShown(event.currentTarget.checked)}
          />
          {m.sign_in_show_password()}
        </label>
        <div>
          <Button type="submit" kind="secondary" isBusy={isBusy}>
            {m.sign_in_password_action()}
          </Button>
        </div>
      </Form>
    </Section>
  );
}

function missingFields(emailAddress: string, password: string): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (!emailAddress.trim())
    problems.push({ field: "emailAddress", message: m.sign_in_need_email() });
  if (!password) problems.push({ field: "password", message: m.sign_in_need_password() });
  return problems;
}
