/** A new e-mail address: checked, then approved; the link to it is the last step (F18). */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ApprovalFragment, type ApprovedOutcome, useApproval } from "../../graphql/approvals";
import { graphql } from "../../graphql/graphql";
import { problemsOf, RefusalFragment } from "../../graphql/refusal";
import { emailAddressProblem } from "../../lib/accountChecks";
import { knowDeviceAlsoAs } from "../../lib/deviceKeys";
import { problemsAt, useFormProblems } from "../../lib/formProblems";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Form } from "../../ui/Form";

const ChangeEmailAddressMutation = graphql(
  `
    mutation ChangeEmailAddress($input: ChangeEmailAddressInput!) {
      changeEmailAddress(input: $input) {
        __typename
        ... on ApprovalRequired {
          approval {
            ...Approval
          }
        }
        ...Refusal
      }
    }
  `,
  [ApprovalFragment, RefusalFragment],
);

export type EmailAddressToConfirm = Extract<
  ApprovedOutcome,
  { __typename: "EmailAddressToConfirm" }
>;

export function EmailAddressForm({
  present,
  onSent,
}: {
  /** The address that holds until then. */
  readonly present: string;
  readonly onSent: (toConfirm: EmailAddressToConfirm) => void;
}): JSX.Element {
  const [{ fetching }, change] = useMutation(ChangeEmailAddressMutation);
  const approve = useApproval();
  const problems = useFormProblems();
  const [emailAddress, setEmailAddress] = useState("");

  const submit = async () => {
    const found = problemsAt({ emailAddress: emailAddressProblem(emailAddress) });
    problems.refuse(found);
    if (found.length > 0) return;
    const answer = await change({ input: { emailAddress: emailAddress.trim() } });
    const result = answer.data?.changeEmailAddress;
    if (result?.__typename !== "ApprovalRequired") return problems.refuse(problemsOf(result));
    const toConfirm = await approve(result.approval, "EmailAddressToConfirm");
    if (!toConfirm) return;
    await knowDeviceAlsoAs(toConfirm.emailAddress, present);
    onSent(toConfirm);
  };

  return (
    <Form errors={problems.summary} isBusy={fetching} onSubmit={() => void submit()}>
      <Field
        name="emailAddress"
        label={m.profile_email_new()}
        hint={m.profile_email_hint()}
        type="email"
        inputMode="email"
        autocomplete="email"
        value={emailAddress}
        onInput={setEmailAddress}
        onLeave={() =>
          problems.leave("emailAddress", emailAddress && emailAddressProblem(emailAddress))
        }
        error={problems.at("emailAddress")}
      />
      <div>
        <Button type="submit" isBusy={fetching}>
          {m.profile_to_approval()}
        </Button>
      </div>
    </Form>
  );
}
