/** Proves this device in the session that is here, so that it has the device's level (F104). */
import { useMutation } from "@urql/preact";
import { deviceOf, signChallenge } from "../lib/deviceKeys";
import { graphql } from "./graphql";

const StartDeviceProofMutation = graphql(`
  mutation StartDeviceProof($input: StartDeviceProofInput!) {
    startDeviceProof(input: $input) {
      __typename
      ... on DeviceProofRequired {
        challenge
      }
    }
  }
`);

const ProveDeviceMutation = graphql(`
  mutation ProveDevice($input: ProveDeviceInput!) {
    proveDevice(input: $input) {
      __typename
      ... on DeviceProved {
        assuranceLevel
        device {
          id
        }
      }
    }
  }
`);

/** Answers with the session's new level; null where this device is not remembered (any more). */
export function useDeviceProof() {
  const [, start] = useMutation(StartDeviceProofMutation);
  const [, prove] = useMutation(ProveDeviceMutation);
  return async (emailAddress: string) => {
    const device = await deviceOf(emailAddress);
    if (!device) return null;
    const asked = (await start({ input: { device: device.id } })).data?.startDeviceProof;
    if (asked?.__typename !== "DeviceProofRequired") return null;
    const { challenge } = asked;
    const signature = await signChallenge(device.key, "device session", challenge);
    const proved = (await prove({ input: { challenge, signature } })).data?.proveDevice;
    return proved?.__typename === "DeviceProved" ? proved.assuranceLevel : null;
  };
}
