/** "Persönliche Einstellungen": account data, consents, delivery channel (F18, F19, F27). */
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Contact, ContactFragment } from "../../ui/Contact";
import { Page } from "../../ui/Page";
import { Section } from "../../ui/Section";
import { Skeleton } from "../../ui/Skeleton";
import { AccountData, AccountDataFragment } from "./AccountData";
import { Agreement, AgreementFragment } from "./Agreement";
import { Consents, ConsentsFragment } from "./Consents";
import { DeleteOwnData } from "./DeleteOwnData";
import { DeliveryPreferences, DeliveryPreferencesFragment } from "./DeliveryPreferences";
import { PushNotices, PushNoticesFragment } from "./PushNotices";
import { TakeData } from "./TakeData";

const SettingsQuery = graphql(
  `
    query Settings {
      portal {
        pushKey
        customerService {
          ...Contact
        }
      }
      viewer {
        id
        ...AccountData
        ...Consents
        ...DeliveryPreferences
        ...PushNotices
        ...Agreement
      }
    }
  `,
  [
    AccountDataFragment,
    AgreementFragment,
    ContactFragment,
    ConsentsFragment,
    DeliveryPreferencesFragment,
    PushNoticesFragment,
  ],
);

export function SettingsPage(): JSX.Element {
  return (
    <Page title={m.profile_settings()} back={{ href: paths.profile, label: m.profile_title() }}>
      <ViewerQuery query={SettingsQuery} variables={{}} pending={<Skeleton rows={6} />}>
        {(viewer, { data, refetch }) => (
          <div class="sections">
            <AccountData viewer={viewer} />
            <Consents viewer={viewer} />
            <DeliveryPreferences viewer={viewer} />
            {data.portal.pushKey && (
              <PushNotices viewer={viewer} pushKey={data.portal.pushKey} onChanged={refetch} />
            )}
            <TakeData />
            <DeleteOwnData />
            <Agreement viewer={viewer} />
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
