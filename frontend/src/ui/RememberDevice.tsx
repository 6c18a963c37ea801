/** "Dieses Gerät merken": its key then takes the place of the TAN; never ticked beforehand (F103). */
import type { JSX } from "preact";
import { canRememberDevice } from "../lib/deviceKeys";
import { m } from "../paraglide/messages.js";
import { CheckField } from "./CheckField";

interface RememberDeviceProps {
  readonly isChecked: boolean;
  readonly onChange: (isChecked: boolean) => void;
}

export function RememberDevice({ isChecked, onChange }: RememberDeviceProps): JSX.Element | null {
  if (!canRememberDevice()) return null;
  return (
    <CheckField
      name="rememberDevice"
      label={m.account_remember_device()}
      isChecked={isChecked}
      onChange={onChange}
    >
      <p class="muted small">{m.account_remember_device_hint()}</p>
    </CheckField>
  );
}
