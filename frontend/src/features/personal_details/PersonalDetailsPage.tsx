/** "Persönliche Daten ändern": what each company has, what can be changed, and what was (F37, F88). */
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { AddContracts } from "../../ui/AddContracts";
import { Contact, ContactFragment } from "../../ui/Contact";
import { EmptyState } from "../../ui/EmptyState";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { DetailsChanges, DetailsChangesFragment } from "./DetailsChanges";
import { KnownAddresses, KnownAddressesFragment } from "./KnownAddresses";
import { KnownNames, KnownNamesFragment } from "./KnownNames";
import { OtherDetails, OtherDetailsFragment } from "./OtherDetails";

const PersonalDetailsQuery = graphql(
  `
    query PersonalDetails {
      portal {
        today
        customerService {
          ...Contact
        }
      }
      viewer {
        id
        personalDetails {
          ...KnownAddresses
          ...KnownNames
          ...DetailsChanges
        }
        ...OtherDetails
      }
    }
  `,
  [
    ContactFragment,
    DetailsChangesFragment,
    KnownAddressesFragment,
    KnownNamesFragment,
    OtherDetailsFragment,
  ],
);

export function PersonalDetailsPage(): JSX.Element {
  return (
    <Page
      title={m.personal_details_title()}
      lead={m.personal_details_lead()}
      back={{ href: paths.services, label: m.services_title() }}
    >
      <ViewerQuery query={PersonalDetailsQuery} variables={{}} pending={<Skeleton rows={6} />}>
        {(viewer, { data }) => {
          const { personalDetails } = viewer;
          if (personalDetails.length === 0) {
            return (
              <EmptyState title={m.personal_details_none_title()}>
                <AddContracts />
                <Contact contact={data.portal.customerService} />
              </EmptyState>
            );
          }
          return (
            <div class="sections">
              <KnownAddresses details={personalDetails} today={data.portal.today} />
              <KnownNames details={personalDetails} today={data.portal.today} />
              <OtherDetails viewer={viewer} />
              <DetailsChanges details={personalDetails} />
            </div>
          );
        }}
      </ViewerQuery>
    </Page>
  );
}
