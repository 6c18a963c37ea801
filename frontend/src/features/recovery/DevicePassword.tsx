/** A new password, which this remembered device signs: this password and no other (F103). */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { problemsOf, RefusalFragment, refusalText } from "../../graphql/refusal";
import { type DeviceKey, signChallenge } from "../../lib/deviceKeys";
import type { FieldProblem } from "../../lib/fieldErrors";
import type { ServerSession } from "../../lib/sessionClock";
import { m } from "../../paraglide/messages.js";
import { NewPasswordForm } from "./NewPasswordForm";

const ChooseDevicePasswordMutation = graphql(
  `
    mutation ChooseDevicePassword($input: ChooseRecoveryPasswordInput!) {
      chooseRecoveryPassword(input: $input) {
        __typename
        ... on RecoveryDeviceRequired {
          challenge
        }
        ...Refusal
      }
    }
  `,
  [RefusalFragment],
);

const RecoverWithDeviceMutation = graphql(
  `
    mutation RecoverWithDevice($input: RecoverWithDeviceInput!) {
      recoverWithDevice(input: $input) {
        __typename
        ... on SignedIn {
          viewer {
            id
            session {
              signedInAt
              expiresAt
              idleExpiresAt
            }
          }
        }
        ...Refusal
      }
    }
  `,
  [RefusalFragment],
);

interface DevicePasswordProps {
  readonly recovery: string;
  readonly device: DeviceKey;
  readonly onSignedIn: (session: ServerSession) => void;
  readonly onRefused: (message: string) => void;
  readonly onOtherWay: () => void;
}

export function DevicePassword({
  recovery,
  device,
  onSignedIn,
  onRefused,
  onOtherWay,
}: DevicePasswordProps): JSX.Element {
  const [, choose] = useMutation(ChooseDevicePasswordMutation);
  const [, recover] = useMutation(RecoverWithDeviceMutation);

  const sign = async (newPassword: string): Promise<FieldProblem[]> => {
    const chosen = await choose({ input: { recovery, newPassword, device: device.id } });
    const asked = chosen.data?.chooseRecoveryPassword;
    if (asked?.__typename === "RecoveryRefused") onRefused(refusalText(asked));
    if (asked?.__typename === "RecoveryPasskeyRequired") return problemsOf(undefined);
    if (asked?.__typename !== "RecoveryDeviceRequired") return problemsOf(asked);
    const signature = await signChallenge(device.key, "device recovery", asked.challenge);
    const proved = await recover({ input: { recovery, device: device.id, signature } });
    const result = proved.data?.recoverWithDevice;
    if (result?.__typename === "RecoveryRefused") onRefused(refusalText(result));
    if (result?.__typename !== "SignedIn") return problemsOf(result);
    onSignedIn(result.viewer.session);
    return [];
  };

  return (
    <NewPasswordForm
      action={m.recovery_device_sign()}
      obstacle={null}
      failed={m.common_unreachable()}
      onSign={sign}
      onOtherWay={onOtherWay}
    />
  );
}
