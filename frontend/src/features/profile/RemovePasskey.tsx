/** Removes one passkey, once the customer has approved it (X4, M3). */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { ApprovalFragment, type ApprovedOutcome, useApproval } from "../../graphql/approvals";
import { graphql } from "../../graphql/graphql";
import { problemText, RefusalFragment } from "../../graphql/refusal";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";

const RemovePasskeyMutation = graphql(
  `
    mutation RemovePasskey($input: RemovePasskeyInput!) {
      removePasskey(input: $input) {
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

export type PasskeyRemoved = Extract<ApprovedOutcome, { __typename: "PasskeyRemoved" }>;

interface RemovePasskeyProps {
  readonly id: string;
  readonly name: string;
  /** Null while another attempt begins. */
  readonly onRemoved: (removed: PasskeyRemoved | null) => void;
  readonly onProblem: (message: string | null) => void;
}

export function RemovePasskey({ id, name, onRemoved, onProblem }: RemovePasskeyProps): JSX.Element {
  const [{ fetching }, remove] = useMutation(RemovePasskeyMutation);
  const approve = useApproval();
  const press = async () => {
    onRemoved(null);
    onProblem(null);
    const result = (await remove({ input: { passkey: id } })).data?.removePasskey;
    if (result?.__typename !== "ApprovalRequired") {
      return onProblem(problemText(result));
    }
    const removed = await approve(result.approval, "PasskeyRemoved");
    if (removed) onRemoved(removed);
  };
  return (
    <Button kind="quiet" isBusy={fetching} onClick={() => void press()}>
      {m.profile_passkey_remove()}
      <span class="visually-hidden"> {name}</span>
    </Button>
  );
}
