/** Forgets a device, once the customer has approved it; on this one its key goes too. */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { ApprovalFragment, useApproval } from "../../graphql/approvals";
import { graphql } from "../../graphql/graphql";
import { problemText, RefusalFragment } from "../../graphql/refusal";
import { forgetDevice } from "../../lib/deviceKeys";
import { useSession } from "../../lib/session";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import type { Outcome } from "../../ui/OutcomeMessage";

const RemoveDeviceMutation = graphql(
  `
    mutation RemoveDevice($input: RemoveDeviceInput!) {
      removeDevice(input: $input) {
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

interface RemoveDeviceProps {
  readonly id: string;
  readonly emailAddress: string;
  readonly isCurrent: boolean;
  readonly onRemoved: (name: string) => void;
  readonly onOutcome: (outcome: Outcome | null) => void;
}

export function RemoveDevice({
  id,
  emailAddress,
  isCurrent,
  onRemoved,
  onOutcome,
}: RemoveDeviceProps): JSX.Element {
  const [{ fetching }, remove] = useMutation(RemoveDeviceMutation);
  const approve = useApproval();
  const { end } = useSession();
  const press = async () => {
    onOutcome(null);
    const result = (await remove({ input: { device: id } })).data?.removeDevice;
    if (result?.__typename !== "ApprovalRequired") {
      return onOutcome({ kind: "danger", text: problemText(result) });
    }
    const removed = await approve(result.approval, "DeviceRemoved");
    if (!removed) return;
    onRemoved(removed.name);
    if (!isCurrent) return;
    await forgetDevice(emailAddress);
    end("left");
  };
  return (
    <div>
      <Button kind="secondary" isBusy={fetching} onClick={() => void press()}>
        {m.devices_remove()}
      </Button>
    </div>
  );
}
