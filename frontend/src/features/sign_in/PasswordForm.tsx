/** First step by password; the server answers with a TAN to the account's phone. */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { problemsOf, RefusalFragment } from "../../graphql/refusal";
import { type FieldProblem, problemOf } from "../../lib/fieldErrors";
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
}

export function PasswordForm({
  emailAddress,
  onEmailAddress,
  onTan,
}: PasswordFormProps): JSX.Element {
  const [{ fetching }, signIn] = useMutation(SignInWithPasswordMutation);
  const [password, setPassword] = useState("");
  const [isShown, setShown] = useState(false);
  const [problems, setProblems] = useState<FieldProblem[]>([]);

  const submit = async () => {
    const missing = missingFields(emailAddress, password);
    setProblems(missing);
    if (missing.length > 0) return;
    const answer = await signIn({ input: { emailAddress: emailAddress.trim(), password } });
    const result = answer.data?.signInWithPassword;
    if (result?.__typename === "TanRequired") onTan(result);
    else setProblems(problemsOf(result));
  };

  return (
    <Section title={m.sign_in_password_title()}>
      <Form errors={problems} isBusy={fetching} onSubmit={() => void submit()}>
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
          <Button type="submit" kind="secondary" isBusy={fetching}>
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
