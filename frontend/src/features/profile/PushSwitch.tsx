/** What this browser says about notices, with the button that changes it or the way there (X3). */
import type { JSX } from "preact";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Message } from "../../ui/Message";
import type { Here } from "./usePush";

interface PushSwitchProps {
  readonly here: Here;
  readonly isBusy: boolean;
  readonly onTurnOn: () => void;
  readonly onTurnOff: () => void;
}

const impossible = {
  unsupported: { title: m.push_unsupported, text: m.push_unsupported_text },
  needsInstalling: { title: m.push_needs_installing, text: m.push_needs_installing_text },
  blocked: { title: m.push_blocked, text: m.push_blocked_text },
};

export function PushSwitch({ here, isBusy, onTurnOn, onTurnOff }: PushSwitchProps): JSX.Element {
  if (here !== "on" && here !== "off") {
    return (
      <Message kind={here === "blocked" ? "warning" : "info"} title={impossible[here].title()}>
        <p>{impossible[here].text()}</p>
      </Message>
    );
  }
  const isOn = here === "on";
  return (
    <>
      <p>
        <strong>{isOn ? m.push_on() : m.push_off()}</strong>
      </p>
      <div>
        <Button kind="secondary" isBusy={isBusy} onClick={isOn ? onTurnOff : onTurnOn}>
          {isOn ? m.push_turn_off() : m.push_turn_on()}
        </Button>
      </div>
      <p class="muted small">{isOn ? m.push_after_sign_out() : m.push_who_carries()}</p>
    </>
  );
}
