/** The last step before the approval: what can't be undone, and the button. */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { ApprovalFragment, useApproval } from "../../graphql/approvals";
import { graphql } from "../../graphql/graphql";
import { problemsOf, RefusalFragment } from "../../graphql/refusal";
import { ClaimDrafts } from "../../lib/claimDrafts";
import { useFormProblems } from "../../lib/formProblems";
import { paths } from "../../lib/paths";
import { useSession } from "../../lib/session";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Form } from "../../ui/Form";
import { Message } from "../../ui/Message";
import { Section } from "../../ui/Section";

const DeleteUserAccountMutation = graphql(
  `
    mutation DeleteUserAccount {
      deleteUserAccount {
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

interface DeleteAccountProps {
  readonly account: string;
  readonly emailAddress: string;
}

export function DeleteAccount({ account, emailAddress }: DeleteAccountProps): JSX.Element {
  const [{ fetching }, ask] = useMutation(DeleteUserAccountMutation);
  const approve = useApproval();
  const problems = useFormProblems();
  const { end } = useSession();
  const { route } = useLocation();
  const submit = async () => {
    problems.refuse([]);
    const farewell = import("./FarewellPage").catch(() => undefined);
    const result = (await ask({})).data?.deleteUserAccount;
    if (result?.__typename !== "ApprovalRequired") return problems.refuse(problemsOf(result));
    if (!(await approve(result.approval, "UserAccountDeleted"))) return;
    const destroyed = ClaimDrafts.destroyOf(account);
    // Until its code is here this page stays, and an answer without a viewer would lead to the sign-in page.
    await farewell;
    route(paths.farewell, true);
    end("left");
    await destroyed;
  };
  return (
    <Section title={m.leaving_last_title()}>
      <Message kind="warning">
        <p>{m.leaving_last_text({ email: emailAddress })}</p>
      </Message>
      <Form errors={problems.summary} isBusy={fetching} onSubmit={() => void submit()}>
        <div class="buttons">
          <Button type="submit" isBusy={fetching}>
            {m.leaving_delete_action()}
          </Button>
          <Button kind="secondary" href={paths.settings}>
            {m.leaving_keep()}
          </Button>
        </div>
      </Form>
    </Section>
  );
}
