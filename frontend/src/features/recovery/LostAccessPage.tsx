/** First step to get back in: a link to the mailbox; the page never tells whether the address is known (X19). */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { problemsOf, RefusalFragment } from "../../graphql/refusal";
import { emailAddressProblem } from "../../lib/accountChecks";
import { formatDateTime } from "../../lib/format";
import { problemsAt, useFormProblems } from "../../lib/formProblems";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Form } from "../../ui/Form";
import { Message } from "../../ui/Message";
import { Page } from "../../ui/Page";

const StartRecoveryMutation = graphql(
  `
    mutation StartRecovery($input: StartRecoveryInput!) {
      startRecovery(input: $input) {
        __typename
        ... on RecoveryStarted {
          emailAddress
          expiresAt
        }
        ...Refusal
      }
    }
  `,
  [RefusalFragment],
);

export function LostAccessPage(): JSX.Element {
  const [{ fetching }, start] = useMutation(StartRecoveryMutation);
  const problems = useFormProblems();
  const [emailAddress, setEmailAddress] = useState("");
  const [sent, setSent] = useState<{ emailAddress: string; expiresAt: string } | null>(null);

  const submit = async () => {
    const found = problemsAt({ emailAddress: emailAddressProblem(emailAddress) });
    problems.refuse(found);
    if (found.length > 0) return;
    const result = (await start({ input: { emailAddress } })).data?.startRecovery;
    if (result?.__typename === "RecoveryStarted") setSent(result);
    else problems.refuse(problemsOf(result));
  };

  if (sent) {
    return (
      <Page key="sent" title={m.recovery_sent_title()}>
        <Message kind="success">
          <p>{m.recovery_sent_text({ email: sent.emailAddress })}</p>
          <p>{m.recovery_sent_until({ time: formatDateTime(sent.expiresAt) })}</p>
        </Message>
        <p>{m.recovery_sent_help()}</p>
        <div class="buttons">
          <Button kind="secondary" onClick={() => setSent(null)}>
            {m.recovery_other_address()}
          </Button>
          <Button kind="quiet" href={paths.signIn}>
            {m.recovery_to_sign_in()}
          </Button>
        </div>
      </Page>
    );
  }
  return (
    <Page
      key="form"
      title={m.recovery_title()}
      lead={m.recovery_lead()}
      back={{ href: paths.signIn, label: m.sign_in_title() }}
    >
      <Form errors={problems.summary} isBusy={fetching} onSubmit={() => void submit()}>
        <Field
          name="emailAddress"
          label={m.recovery_email()}
          hint={m.recovery_email_hint()}
          type="email"
          inputMode="email"
          autocomplete="username"
          value={emailAddress}
          onInput={setEmailAddress}
          onLeave={() =>
            problems.leave("emailAddress", emailAddress && emailAddressProblem(emailAddress))
          }
          error={problems.at("emailAddress")}
        />
        <div>
          <Button type="submit" isBusy={fetching}>
            {m.recovery_send_link()}
          </Button>
        </div>
      </Form>
    </Page>
  );
}
