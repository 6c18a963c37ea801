/** A new password, proved by the present one and approved (F18). */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ApprovalFragment, type ApprovedOutcome, useApproval } from "../../graphql/approvals";
import { graphql } from "../../graphql/graphql";
import { problemsOf, RefusalFragment } from "../../graphql/refusal";
import { newPasswordProblem, PASSWORD_LENGTH } from "../../lib/accountChecks";
import { problemsAt, useFormProblems } from "../../lib/formProblems";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Form } from "../../ui/Form";

const ChangePasswordMutation = graphql(
  `
    mutation ChangePassword($input: ChangePasswordInput!) {
      changePassword(input: $input) {
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

export type PasswordChanged = Extract<ApprovedOutcome, { __typename: "PasswordChanged" }>;

interface PasswordChangeFormProps {
  /** Tells password managers whose password it is. */
  readonly emailAddress: string;
  readonly onChanged: (changed: PasswordChanged) => void;
}

export function PasswordChangeForm({
  emailAddress,
  onChanged,
}: PasswordChangeFormProps): JSX.Element {
  const [{ fetching }, change] = useMutation(ChangePasswordMutation);
  const approve = useApproval();
  const problems = useFormProblems();
  const [currentPassword, setCurrentPassword] = useState("");
  const [newPassword, setNewPassword] = useState("");
  const [isShown, setShown] = useState(false);
  const type = isShown ? "text" : "password";
  const lengths = {
    shortest: String(PASSWORD_LENGTH.shortest),
    longest: String(PASSWORD_LENGTH.longest),
  };

  const submit = async () => {
    const found = problemsAt({
      currentPassword: currentPassword ? null : m.profile_password_current_needed(),
      newPassword: newPasswordProblem(newPassword),
    });
    problems.refuse(found);
    if (found.length > 0) return;
    const answer = await change({ input: { currentPassword, newPassword } });
    const result = answer.data?.changePassword;
    if (result?.__typename !== "ApprovalRequired") return problems.refuse(problemsOf(result));
    const changed = await approve(result.approval, "PasswordChanged");
    if (changed) onChanged(changed);
  };

  return (
    <Form errors={problems.summary} isBusy={fetching} onSubmit={() => void submit()}>
      <input hidden readOnly autocomplete="username" name="username" value={emailAddress} />
      <Field
        name="currentPassword"
        label={m.profile_password_current()}
        type={type}
        autocomplete="current-password"
        value={currentPassword}
        onInput={setCurrentPassword}
        onLeave={() => currentPassword && problems.leave("currentPassword", null)}
        error={problems.at("currentPassword")}
      />
      <Field
        name="newPassword"
        label={m.profile_password_new()}
        hint={m.profile_password_hint(lengths)}
        type={type}
        autocomplete="new-password"
        value={newPassword}
        onInput={setNewPassword}
        onLeave={() =>
          problems.leave("newPassword", newPassword && newPasswordProblem(newPassword))
        }
        error={problems.at("newPassword")}
      />
      <label class="check">
        <input
          type="checkbox"
          checked={isShown}
          onChange={(event) => setShown(event.currentTarget.checked)}
        />
        {m.profile_passwords_show()}
      </label>
      <div>
        <Button type="submit" isBusy={fetching}>
          {m.profile_to_approval()}
        </Button>
      </div>
    </Form>
  );
}
