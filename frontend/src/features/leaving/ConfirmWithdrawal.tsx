/** "Widerruf bestätigen": the second step declares it; no TAN stands in the way of a right. */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { graphql } from "../../graphql/graphql";
import { problemsOf, RefusalFragment } from "../../graphql/refusal";
import { ClaimDrafts } from "../../lib/claimDrafts";
import { useFormProblems } from "../../lib/formProblems";
import { paths } from "../../lib/paths";
import { useSession } from "../../lib/session";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Form } from "../../ui/Form";

const WithdrawFromAgreementMutation = graphql(
  `
    mutation WithdrawFromAgreement {
      withdrawFromAgreement {
        __typename
        ... on AgreementWithdrawn {
          withdrawnAt
        }
        ...Refusal
      }
    }
  `,
  [RefusalFragment],
);

export function ConfirmWithdrawal({ account }: { readonly account: string }): JSX.Element {
  const [{ fetching }, withdraw] = useMutation(WithdrawFromAgreementMutation);
  const problems = useFormProblems();
  const { end } = useSession();
  const { route } = useLocation();
  const submit = async () => {
    problems.refuse([]);
    const farewell = import("./FarewellPage").catch(() => undefined);
    const result = (await withdraw({})).data?.withdrawFromAgreement;
    if (result?.__typename !== "AgreementWithdrawn") return problems.refuse(problemsOf(result));
    const destroyed = ClaimDrafts.destroyOf(account);
    // Until its code is here this page stays, and an answer without a viewer would lead to the sign-in page.
    await farewell;
    route(`${paths.farewell}?grund=widerruf`, true);
    end("left");
    await destroyed;
  };
  return (
    <Form errors={problems.summary} isBusy={fetching} onSubmit={() => void submit()}>
      <div class="buttons">
        <Button type="submit" isBusy={fetching}>
          {m.leaving_withdraw_confirm()}
        </Button>
        <Button kind="secondary" href={paths.settings}>
          {m.leaving_keep()}
        </Button>
      </div>
    </Form>
  );
}
