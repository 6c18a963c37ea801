/** Removes one own entry, after a question that says what goes and what goes on. */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { graphql } from "../../graphql/graphql";
import { problemText, RefusalFragment } from "../../graphql/refusal";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { AskedButton } from "../../ui/AskedButton";

const RemoveSelfAddedContractMutation = graphql(
  `
    mutation RemoveSelfAddedContract($input: RemoveSelfAddedContractInput!) {
      removeSelfAddedContract(input: $input) {
        __typename
        ... on SelfAddedData {
          contractCount
        }
        ...Refusal
      }
    }
  `,
  [RefusalFragment],
);

interface RemoveSelfAddedProps {
  readonly id: string;
  readonly company: string;
}

export function RemoveSelfAdded({ id, company }: RemoveSelfAddedProps): JSX.Element {
  const { route } = useLocation();
  const [, remove] = useMutation(RemoveSelfAddedContractMutation);
  const answer = async () => {
    const result = (await remove({ input: { contract: id } })).data?.removeSelfAddedContract;
    if (result?.__typename !== "SelfAddedData") return problemText(result);
    route(paths.contracts, true);
    return null;
  };
  return (
    <AskedButton
      label={m.self_added_remove()}
      title={m.self_added_remove_title()}
      text={m.self_added_remove_text({ company })}
      yes={m.self_added_remove()}
      no={m.self_added_remove_keep()}
      onYes={answer}
    />
  );
}
