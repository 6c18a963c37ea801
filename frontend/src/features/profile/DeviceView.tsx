/** What is known of a device, its name to change, and the ways to stop it. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { assuranceLevels } from "../../lib/assuranceLevels";
import { formatDateTime } from "../../lib/format";
import { m } from "../../paraglide/messages.js";
import { DataList } from "../../ui/DataList";
import { type Outcome, OutcomeMessage } from "../../ui/OutcomeMessage";
import { Page } from "../../ui/Page";
import { Section } from "../../ui/Section";
import { LockDevice } from "./LockDevice";
import { RemoveDevice } from "./RemoveDevice";
import { RenameDevice } from "./RenameDevice";
import { UnlockDevice } from "./UnlockDevice";

export const DeviceViewFragment = graphql(`
  fragment DeviceView on Device {
    id
    name
    createdAt
    lastUsedAt
    addedNetwork
    origin
    assuranceLevel
    isLocked
    isCurrent
    tookOverAt
  }
`);

interface DeviceViewProps {
  readonly device: FragmentOf<typeof DeviceViewFragment>;
  readonly emailAddress: string;
  readonly back: { readonly href: string; readonly label: string };
  readonly onRemoved: (name: string) => void;
}

export function DeviceView({
  device: given,
  emailAddress,
  back,
  onRemoved,
}: DeviceViewProps): JSX.Element {
  const device = readFragment(DeviceViewFragment, given);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  return (
    <Page
      title={device.name}
      lead={device.isCurrent ? m.devices_current_lead() : m.devices_other_lead()}
      back={back}
    >
      <OutcomeMessage outcome={outcome} />
      <div class="sections">
        <DataList
          items={[
            [m.devices_state(), device.isLocked ? m.devices_locked() : m.devices_active()],
            [m.devices_used(), formatDateTime(device.lastUsedAt)],
            [m.devices_added(), formatDateTime(device.createdAt)],
            [m.devices_added_by(), origins[device.origin]()],
            [m.devices_network(), device.addedNetwork],
            [m.profile_session_level(), assuranceLevels[device.assuranceLevel]()],
            [m.devices_took_over(), device.tookOverAt && formatDateTime(device.tookOverAt)],
          ]}
        />
        <RenameDevice key={device.name} id={device.id} name={device.name} onOutcome={setOutcome} />
        <Section title={device.isLocked ? m.devices_unlock_title() : m.devices_lock_title()}>
          <p>{device.isLocked ? m.devices_unlock_text() : m.devices_lock_text()}</p>
          {device.isLocked ? (
            <UnlockDevice id={device.id} name={device.name} onOutcome={setOutcome} />
          ) : (
            <LockDevice
              id={device.id}
              name={device.name}
              isCurrent={device.isCurrent}
              onOutcome={setOutcome}
            />
          )}
        </Section>
        <Section title={m.devices_remove_title()}>
          <p>{m.devices_remove_text()}</p>
          <RemoveDevice
            id={device.id}
            emailAddress={emailAddress}
            isCurrent={device.isCurrent}
            onRemoved={onRemoved}
            onOutcome={setOutcome}
          />
        </Section>
      </div>
    </Page>
  );
}

const origins = {
  SIGN_IN_TAN: m.devices_origin_sign_in,
  REGISTRATION_TAN: m.devices_origin_registration,
};
