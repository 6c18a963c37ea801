/** Asks which device it is and for the passkey; afterwards this device is signed out and forgotten. */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ApprovalFragment, useApproval } from "../../graphql/approvals";
import { graphql } from "../../graphql/graphql";
import { problemText, RefusalFragment } from "../../graphql/refusal";
import { forgetDevice } from "../../lib/deviceKeys";
import { useSession } from "../../lib/session";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Message } from "../../ui/Message";

const ReplaceDeviceMutation = graphql(
  `
    mutation ReplaceDevice($input: ReplaceDeviceInput!) {
      replaceDevice(input: $input) {
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

interface ApproveDeviceProps {
  readonly token: string;
  readonly emailAddress: string;
  readonly onApproved: (name: string) => void;
}

export function ApproveDevice({
  token,
  emailAddress,
  onApproved,
}: ApproveDeviceProps): JSX.Element {
  const [{ fetching }, replace] = useMutation(ReplaceDeviceMutation);
  const approve = useApproval();
  const { end } = useSession();
  const [problem, setProblem] = useState<string | null>(null);
  const press = async () => {
    setProblem(null);
    const result = (await replace({ input: { token } })).data?.replaceDevice;
    if (result?.__typename !== "ApprovalRequired") {
      return setProblem(problemText(result));
    }
    const replaced = await approve(result.approval, "DeviceReplaced");
    if (!replaced) return;
    // At once: the session is over, and the next answer that says so would lead to the sign-in page.
    onApproved(replaced.name);
    end("left");
    await forgetDevice(emailAddress);
  };
  return (
    <div class="stack">
      <p>{m.devices_approve_text()}</p>
      {problem && (
        <Message kind="danger" title={m.devices_approve_refused()} isAlert>
          <p>{problem}</p>
        </Message>
      )}
      <div>
        <Button isBusy={fetching} onClick={() => void press()}>
          {m.profile_to_approval()}
        </Button>
      </div>
    </div>
  );
}
