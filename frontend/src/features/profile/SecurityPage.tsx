/** "Sicherheit": passkeys, devices, sessions, what happened lately, and locking it all (X4, X18, F72). */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { assuranceLevels } from "../../lib/assuranceLevels";
import { formatDateTime } from "../../lib/format";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { AddPasskey } from "../../ui/AddPasskey";
import { Button } from "../../ui/Button";
import { DataList } from "../../ui/DataList";
import { EmptyState } from "../../ui/EmptyState";
import { Page } from "../../ui/Page";
import { Section } from "../../ui/Section";
import { Skeleton } from "../../ui/Skeleton";
import { DeviceList, DeviceListFragment } from "./DeviceList";
import { PasskeyList, PasskeyListFragment } from "./PasskeyList";
import { SecurityEventRows, SecurityEventRowsFragment } from "./SecurityEventRows";
import { SessionList, SessionListFragment } from "./SessionList";

const SecurityQuery = graphql(
  `
    query Security {
      viewer {
        id
        session {
          signedInAt
          expiresAt
          idleExpiresAt
          assuranceLevel
        }
        ...PasskeyList
        ...DeviceList
        ...SessionList
        securityEvents(first: 5) {
          totalCount
          ...SecurityEventRows
        }
      }
    }
  `,
  [PasskeyListFragment, DeviceListFragment, SessionListFragment, SecurityEventRowsFragment],
);

export function SecurityPage(): JSX.Element {
  // What was added may be gone again: the form then says nothing about it any more.
  const [removals, setRemovals] = useState(0);
  return (
    <Page title={m.profile_security()} back={{ href: paths.profile, label: m.profile_title() }}>
      <ViewerQuery query={SecurityQuery} variables={{}} pending={<Skeleton rows={4} />}>
        {(viewer, { refetch }) => (
          <div class="sections">
            <Section title={m.profile_passkeys_title()}>
              <p>{m.profile_passkeys_text()}</p>
              <PasskeyList viewer={viewer} onRemoved={() => setRemovals(removals + 1)} />
              <AddPasskey key={removals} onAdded={refetch} />
            </Section>
            <DeviceList viewer={viewer} />
            <SessionList viewer={viewer} />
            <Section title={m.profile_session_title()}>
              <DataList
                items={[
                  [m.profile_session_since(), formatDateTime(viewer.session.signedInAt)],
                  [m.profile_session_until(), formatDateTime(viewer.session.expiresAt)],
                  [m.profile_session_level(), assuranceLevels[viewer.session.assuranceLevel]()],
                ]}
              />
            </Section>
            <Section
              title={m.profile_log_title()}
              more={{ href: paths.securityLog, label: m.profile_log_all() }}
            >
              {viewer.securityEvents.totalCount === 0 ? (
                <EmptyState title={m.profile_log_empty()}>
                  <p>{m.profile_log_empty_text()}</p>
                </EmptyState>
              ) : (
                <SecurityEventRows events={viewer.securityEvents} />
              )}
              <p class="muted small">{m.profile_log_strange()}</p>
            </Section>
            <Section title={m.lock_section_title()}>
              <p>{m.lock_section_text()}</p>
              <div>
                <Button kind="secondary" href={paths.lockAccount}>
                  {m.lock_title()}
                </Button>
              </div>
            </Section>
          </div>
        )}
      </ViewerQuery>
    </Page>
  );
}
