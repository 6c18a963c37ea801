/** "Ihre Daten mitnehmen": everything in one ZIP, what is in it and when it can be had (X12, X13). */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { formatDateTime } from "../../lib/format";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Message } from "../../ui/Message";
import { Page } from "../../ui/Page";
import { Section } from "../../ui/Section";
import { Skeleton } from "../../ui/Skeleton";
import { ExportContent, ExportContentFragment } from "./ExportContent";

const ExportQuery = graphql(
  `
    query Export {
      viewer {
        id
        dataExport {
          downloadUrl
          availableAt
          ...ExportContent
        }
      }
    }
  `,
  [ExportContentFragment],
);

export function ExportPage(): JSX.Element {
  const [hasStarted, setStarted] = useState(false);
  return (
    <Page
      title={m.export_title()}
      lead={m.export_lead()}
      back={{ href: paths.settings, label: m.profile_settings() }}
    >
      <ViewerQuery query={ExportQuery} variables={{}} pending={<Skeleton rows={4} />}>
        {({ dataExport }, { refetch }) => (
          <div class="sections">
            <ExportContent dataExport={dataExport} />
            <Section title={m.export_download_title()}>
              <p>{m.export_care()}</p>
              {hasStarted && (
                <Message kind="success" isAlert title={m.export_started()}>
                  <p>{m.export_started_text()}</p>
                </Message>
              )}
              {dataExport.availableAt ? (
                <Message kind="warning" title={m.export_later()}>
                  <p>{m.export_later_text({ time: formatDateTime(dataExport.availableAt) })}</p>
                </Message>
              ) : (
                <div>
                  <Button
                    href={dataExport.downloadUrl}
                    download=""
                    onClick={() => {
                      setStarted(true);
                      refetch();
                    }}
                  >
                    {m.export_action()}
                  </Button>
                </div>
              )}
            </Section>
          </div>
        )}
      </ViewerQuery>
    </Page>
  );
}
