/** Removes an account with another bank, after a question that says what goes and what goes on. */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { graphql } from "../../graphql/graphql";
import { problemText, RefusalFragment } from "../../graphql/refusal";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { AskedButton } from "../../ui/AskedButton";

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
  const [, remove] = useMutation(RemoveSelfAddedAccountMutation);
  const answer = async () => {
    const result = (await remove({ input: { account: id } })).data?.removeSelfAddedAccount;
    if (result?.__typename !== "SelfAddedData") return problemText(result);
    route(paths.contracts, true);
    return null;
  };
  return (
    <AskedButton
      label={m.self_added_account_remove()}
      title={m.self_added_account_remove_title()}
      text={m.self_added_account_remove_text()}
      yes={m.self_added_account_remove()}
      no={m.self_added_remove_keep()}
      onYes={answer}
    />
  );
}
