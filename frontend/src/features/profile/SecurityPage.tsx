/** "Sicherheit": passkeys and the session in use. */
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { formatDateTime } from "../../lib/format";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { DataList } from "../../ui/DataList";
import { Page } from "../../ui/Page";
import { Section } from "../../ui/Section";
import { Skeleton } from "../../ui/Skeleton";
import { AddPasskey } from "./AddPasskey";
import { PasskeyList, PasskeyListFragment } from "./PasskeyList";

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
      }
    }
  `,
  [PasskeyListFragment],
);

const levels = {
  BASIC: m.profile_level_basic,
  SMART: m.profile_level_smart,
  SMARTHEALTH: m.profile_level_smarthealth,
};

export function SecurityPage(): JSX.Element {
  return (
    <Page title={m.profile_security()} back={{ href: paths.profile, label: m.profile_title() }}>
      <ViewerQuery query={SecurityQuery} variables={{}} pending={<Skeleton rows={4} />}>
        {(viewer, { refetch }) => (
          <div class="sections">
            <Section title={m.profile_passkeys_title()}>
              <p>{m.profile_passkeys_text()}</p>
              <PasskeyList viewer={viewer} />
              <AddPasskey onAdded={refetch} />
            </Section>
            <Section title={m.profile_session_title()}>
              <DataList
                items={[
                  [m.profile_session_since(), formatDateTime(viewer.session.signedInAt)],
                  [m.profile_session_until(), formatDateTime(viewer.session.expiresAt)],
                  [m.profile_session_level(), levels[viewer.session.assuranceLevel]()],
                ]}
              />
            </Section>
          </div>
        )}
      </ViewerQuery>
    </Page>
  );
}
