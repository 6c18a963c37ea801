/** Turns this browser into a persona's device: its key goes where a remembered device keeps it. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { installDevice } from "../lib/deviceKeys";
import { paths } from "../lib/paths";
import { m } from "../paraglide/messages.js";
import { Button } from "../ui/Button";
import { Message } from "../ui/Message";
import type { Persona } from "./sandboxApi";

interface InstallDeviceProps {
  readonly email: string;
  readonly device: NonNullable<Persona["device"]>;
}

export function InstallDevice({ email, device }: InstallDeviceProps): JSX.Element {
  const [outcome, setOutcome] = useState<"installed" | "failed" | null>(null);
  const press = async () => {
    setOutcome(null);
    const installing = installDevice(email, device.id, device.privateKey);
    setOutcome(
      await installing.then(
        () => "installed",
        () => "failed",
      ),
    );
  };
  return (
    <div class="stack">
      <div>
        <Button kind="quiet" onClick={() => void press()}>
          {m.sandbox_install_device()}
        </Button>
      </div>
      {outcome === "installed" && (
        <Message kind="success" isAlert>
          <p>
            {m.sandbox_device_installed()} <a href={paths.signIn}>{m.sandbox_device_sign_in()}</a>
          </p>
        </Message>
      )}
      {outcome === "failed" && (
        <Message kind="danger" isAlert>
          <p>{m.sandbox_device_failed()}</p>
        </Message>
      )}
    </div>
  );
}
