/** Lets a locked device sign in again, once the customer has approved it. */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { ApprovalFragment, useApproval } from "../../graphql/approvals";
import { graphql } from "../../graphql/graphql";
import { problemText, RefusalFragment } from "../../graphql/refusal";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import type { Outcome } from "../../ui/OutcomeMessage";

const UnlockDeviceMutation = graphql(
  `
    mutation UnlockDevice($input: UnlockDeviceInput!) {
      unlockDevice(input: $input) {
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

interface UnlockDeviceProps {
  readonly id: string;
  readonly name: string;
  readonly onOutcome: (outcome: Outcome | null) => void;
}

export function UnlockDevice({ id, name, onOutcome }: UnlockDeviceProps): JSX.Element {
  const [{ fetching }, unlock] = useMutation(UnlockDeviceMutation);
  const approve = useApproval();
  const press = async () => {
    onOutcome(null);
    const result = (await unlock({ input: { device: id } })).data?.unlockDevice;
    if (result?.__typename !== "ApprovalRequired") {
      return onOutcome({ kind: "danger", text: problemText(result) });
    }
    if (await approve(result.approval, "DeviceUnlocked")) {
      onOutcome({ kind: "success", text: m.devices_unlock_done({ name }) });
    }
  };
  return (
    <div>
      <Button kind="secondary" isBusy={fetching} onClick={() => void press()}>
        {m.devices_unlock()}
      </Button>
    </div>
  );
}
