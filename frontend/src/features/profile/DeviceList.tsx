/** "Gemerkte Geräte": where the password is enough, each with a page of its own (X18). */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { formatDateTime } from "../../lib/format";
import { devicePath, paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { EmptyState } from "../../ui/EmptyState";
import { Row } from "../../ui/Row";
import { Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";

export const DeviceListFragment = graphql(`
  fragment DeviceList on Viewer {
    devices {
      id
      name
      lastUsedAt
      isLocked
      isCurrent
    }
  }
`);

export function DeviceList({
  viewer,
}: {
  readonly viewer: FragmentOf<typeof DeviceListFragment>;
}): JSX.Element {
  const { devices } = readFragment(DeviceListFragment, viewer);
  return (
    <Section title={m.devices_title()}>
      <p>{m.devices_text()}</p>
      {devices.length === 0 && (
        <EmptyState title={m.devices_empty()}>
          <p>{m.devices_empty_text()}</p>
        </EmptyState>
      )}
      {devices.length > 0 && (
        <Rows label={m.devices_title()}>
          {devices.map(({ id, name, lastUsedAt, isLocked, isCurrent }) => (
            <Row
              key={id}
              href={devicePath(id)}
              title={isCurrent ? `${name} (${m.profile_session_current()})` : name}
              detail={m.profile_session_used({ time: formatDateTime(lastUsedAt) })}
              figureDetail={isLocked ? m.devices_locked() : undefined}
              isMarked={isCurrent}
            />
          ))}
        </Rows>
      )}
      <p>
        <a href={paths.newDevice}>{m.devices_new_link()}</a>
      </p>
    </Section>
  );
}
