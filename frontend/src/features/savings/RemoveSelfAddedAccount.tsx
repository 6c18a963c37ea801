/** Removes an account with another bank, after a question that says what goes and what goes on. */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { graphql } from "../../graphql/graphql";
import { problemsOf, RefusalFragment } from "../../graphql/refusal";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Message } from "../../ui/Message";

const RemoveSelfAddedAccountMutation = graphql(
  `
    mutation RemoveSelfAddedAccount($input: RemoveSelfAddedAccountInput!) {
      removeSelfAddedAccount(input: $input) {
        __typename
        ... on SelfAddedData {
          accountCount
        }
        ...Refusal
      }
    }
  `,
  [RefusalFragment],
);

export function RemoveSelfAddedAccount({ id }: { readonly id: string }): JSX.Element {
  const { route } = useLocation();
  const [{ fetching }, remove] = useMutation(RemoveSelfAddedAccountMutation);
  const [isAsking, setAsking] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const press = async () => {
    const result = (await remove({ input: { account: id } })).data?.removeSelfAddedAccount;
    if (result?.__typename === "SelfAddedData") return route(paths.contracts, true);
    setProblem(problemsOf(result)[0]?.message ?? null);
  };
  return (
    <>
      <Button kind="secondary" onClick={() => setAsking(true)}>
        {m.self_added_account_remove()}
      </Button>
      {isAsking && (
        <Dialog title={m.self_added_account_remove_title()} onClose={() => setAsking(false)}>
          <p>{m.self_added_account_remove_text()}</p>
          {problem && (
            <Message kind="danger" isAlert>
              <p>{problem}</p>
            </Message>
          )}
          <div class="buttons">
            <Button isBusy={fetching} onClick={() => void press()}>
              {m.self_added_account_remove()}
            </Button>
            <Button kind="secondary" onClick={() => setAsking(false)}>
              {m.self_added_remove_keep()}
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
}
