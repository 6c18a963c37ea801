/** Locks a device at once; whoever is signed in there is signed out. */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { graphql } from "../../graphql/graphql";
import { problemText, RefusalFragment } from "../../graphql/refusal";
import { paths } from "../../lib/paths";
import { useSession } from "../../lib/session";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import type { Outcome } from "../../ui/OutcomeMessage";

const LockDeviceMutation = graphql(
  `
    mutation LockDevice($input: LockDeviceInput!) {
      lockDevice(input: $input) {
        __typename
        ... on Device {
          id
          isLocked
        }
        ...Refusal
      }
    }
  `,
  [RefusalFragment],
);

/** Its sessions end with it. */
const alsoChanged = { additionalTypenames: ["UserSession", "SecurityEventConnection"] };

interface LockDeviceProps {
  readonly id: string;
  readonly name: string;
  readonly isCurrent: boolean;
  readonly onOutcome: (outcome: Outcome | null) => void;
}

export function LockDevice({ id, name, isCurrent, onOutcome }: LockDeviceProps): JSX.Element {
  const [{ fetching }, lock] = useMutation(LockDeviceMutation);
  const { end } = useSession();
  const { route } = useLocation();
  const press = async () => {
    onOutcome(null);
    const result = (await lock({ input: { device: id } }, alsoChanged)).data?.lockDevice;
    if (result?.__typename !== "Device") {
      return onOutcome({ kind: "danger", text: problemText(result) });
    }
    if (!isCurrent) return onOutcome({ kind: "success", text: m.devices_lock_done({ name }) });
    route(paths.signIn, true);
    end("left");
  };
  return (
    <div>
      <Button kind="secondary" isBusy={fetching} onClick={() => void press()}>
        {m.devices_lock()}
      </Button>
    </div>
  );
}
