/** What can be done here, and who does the rest. */
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { m } from "../../paraglide/messages.js";
import { Contact, ContactFragment } from "../../ui/Contact";
import { Page } from "../../ui/Page";
import { Section } from "../../ui/Section";
import { ServiceLinks } from "../../ui/ServiceLinks";
import { Skeleton } from "../../ui/Skeleton";

const ServicesQuery = graphql(
  `
    query Services {
      viewer {
        id
      }
      portal {
        customerService {
          ...Contact
        }
      }
    }
  `,
  [ContactFragment],
);

export function ServicesPage(): JSX.Element {
  return (
    <Page title={m.services_title()} lead={m.services_lead()}>
      <ViewerQuery query={ServicesQuery} variables={{}} pending={<Skeleton rows={4} />}>
        {(_viewer, { data }) => (
          <div class="sections">
            <ServiceLinks />
            <Section title={m.services_call_title()}>
              <p>{m.services_call_text()}</p>
              <Contact contact={data.portal.customerService} />
            </Section>
          </div>
        )}
      </ViewerQuery>
    </Page>
  );
}
