/** The key that this browser keeps for the account that is being recovered. */
import { useEffect, useState } from "preact/hooks";
import { type DeviceKey, deviceOf } from "../../lib/deviceKeys";

export function useDevice(emailAddress: string | undefined): DeviceKey | null {
  const [device, setDevice] = useState<DeviceKey | null>(null);
  useEffect(() => {
    if (emailAddress) void deviceOf(emailAddress).then(setDevice);
  }, [emailAddress]);
  return device;
}
