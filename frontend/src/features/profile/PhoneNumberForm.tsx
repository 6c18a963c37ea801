/** A new mobile number: checked, then approved by the old one (F18, F20, F21). */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ApprovalFragment, type ApprovedOutcome, useApproval } from "../../graphql/approvals";
import { graphql } from "../../graphql/graphql";
import { problemsOf, RefusalFragment } from "../../graphql/refusal";
import { phoneNumberProblem } from "../../lib/accountChecks";
import { problemsAt, useFormProblems } from "../../lib/formProblems";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Form } from "../../ui/Form";

const ChangePhoneNumberMutation = graphql(
  `
    mutation ChangePhoneNumber($input: ChangePhoneNumberInput!) {
      changePhoneNumber(input: $input) {
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

export type PhoneNumberToConfirm = Extract<ApprovedOutcome, { __typename: "PhoneNumberToConfirm" }>;

export function PhoneNumberForm({
  onSent,
}: {
  readonly onSent: (toConfirm: PhoneNumberToConfirm) => void;
}): JSX.Element {
  const [{ fetching }, change] = useMutation(ChangePhoneNumberMutation);
  const approve = useApproval();
  const problems = useFormProblems();
  const [phoneNumber, setPhoneNumber] = useState("");

  const submit = async () => {
    const found = problemsAt({ phoneNumber: phoneNumberProblem(phoneNumber) });
    problems.refuse(found);
    if (found.length > 0) return;
    const answer = await change({ input: { phoneNumber: phoneNumber.trim() } });
    const result = answer.data?.changePhoneNumber;
    if (result?.__typename !== "ApprovalRequired") return problems.refuse(problemsOf(result));
    const toConfirm = await approve(result.approval, "PhoneNumberToConfirm");
    if (toConfirm) onSent(toConfirm);
  };

  return (
    <Form errors={problems.summary} isBusy={fetching} onSubmit={() => void submit()}>
      <Field
        name="phoneNumber"
        label={m.profile_phone_new()}
        hint={m.profile_phone_hint()}
        type="tel"
        inputMode="tel"
        autocomplete="tel"
        value={phoneNumber}
        onInput={setPhoneNumber}
        onLeave={() =>
          problems.leave("phoneNumber", phoneNumber && phoneNumberProblem(phoneNumber))
        }
        error={problems.at("phoneNumber")}
      />
      <div>
        <Button type="submit" isBusy={fetching}>
          {m.profile_to_approval()}
        </Button>
      </div>
    </Form>
  );
}
