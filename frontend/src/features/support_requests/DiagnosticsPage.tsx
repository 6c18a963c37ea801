/** "Technische Daten": what is known of app, device and connection, and the way to the support desk (F125). */
import { readFragment } from "gql.tada";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { readDevice } from "../../lib/deviceFacts";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { ContactFragment } from "../../ui/Contact";
import { DataList } from "../../ui/DataList";
import { Page } from "../../ui/Page";
import { Section } from "../../ui/Section";
import { Skeleton } from "../../ui/Skeleton";
import { DiagnosticsFragment, diagnosticsGroups } from "./diagnostics";
import { NoSupport } from "./NoSupport";

const DiagnosticsQuery = graphql(
  `
    query Diagnostics {
      portal {
        customerService {
          ...Contact
        }
        support {
          name
        }
      }
      viewer {
        id
        diagnostics {
          ...Diagnostics
        }
      }
    }
  `,
  [ContactFragment, DiagnosticsFragment],
);

export function DiagnosticsPage(): JSX.Element {
  const [device] = useState(readDevice);
  return (
    <Page
      title={m.support_data_title()}
      lead={m.support_data_lead()}
      back={{ href: paths.profile, label: m.profile_title() }}
    >
      <ViewerQuery query={DiagnosticsQuery} variables={{}} pending={<Skeleton rows={8} />}>
        {(viewer, { data: { portal } }) => (
          <div class="sections">
            {portal.support ? (
              <div class="stack">
                <p>{m.support_data_text({ name: portal.support.name })}</p>
                <div>
                  <Button href={paths.supportRequest}>{m.support_title()}</Button>
                </div>
              </div>
            ) : (
              <NoSupport contact={portal.customerService} />
            )}
            {diagnosticsGroups(readFragment(DiagnosticsFragment, viewer.diagnostics), device).map(
              ({ key, title, items, empty }) => (
                <Section key={key} title={title}>
                  {items.length > 0 ? <DataList items={items} /> : <p>{empty}</p>}
                </Section>
              ),
            )}
          </div>
        )}
      </ViewerQuery>
    </Page>
  );
}
