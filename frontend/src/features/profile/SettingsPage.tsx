/** "Persönliche Einstellungen": account data, consents, delivery channel (F18, F19, F27; to be changed here later). */
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Contact, ContactFragment } from "../../ui/Contact";
import { DataList } from "../../ui/DataList";
import { Page } from "../../ui/Page";
import { Section } from "../../ui/Section";
import { Skeleton } from "../../ui/Skeleton";
import { Consents, ConsentsFragment } from "./Consents";
import { DeliveryPreferences, DeliveryPreferencesFragment } from "./DeliveryPreferences";

const SettingsQuery = graphql(
  `
    query Settings {
      portal {
        customerService {
          ...Contact
        }
      }
      viewer {
        id
        displayName
        emailAddress
        maskedPhoneNumber
        ...Consents
        ...DeliveryPreferences
      }
    }
  `,
  [ContactFragment, ConsentsFragment, DeliveryPreferencesFragment],
);

export function SettingsPage(): JSX.Element {
  return (
    <Page title={m.profile_settings()} back={{ href: paths.profile, label: m.profile_title() }}>
      <ViewerQuery query={SettingsQuery} variables={{}} pending={<Skeleton rows={6} />}>
        {(viewer, { data }) => (
          <div class="sections">
            <Section title={m.profile_account_title()}>
              <DataList
                items={[
                  [m.profile_name(), viewer.displayName],
                  [m.profile_email(), viewer.emailAddress],
                  [m.profile_phone(), viewer.maskedPhoneNumber],
                ]}
              />
            </Section>
            <Consents viewer={viewer} />
            <DeliveryPreferences viewer={viewer} />
            <Section title={m.common_contact_service()}>
              <p>{m.profile_account_change()}</p>
              <Contact contact={data.portal.customerService} />
            </Section>
          </div>
        )}
      </ViewerQuery>
    </Page>
  );
}
