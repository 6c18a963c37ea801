/** What the ZIP holds, in rows. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { formatCount } from "../../lib/format";
import { m } from "../../paraglide/messages.js";
import { Row } from "../../ui/Row";
import { Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";

export const ExportContentFragment = graphql(`
  fragment ExportContent on DataExport {
    documentCount
    documentMegabytes
  }
`);

export function ExportContent({
  dataExport,
}: {
  readonly dataExport: FragmentOf<typeof ExportContentFragment>;
}): JSX.Element {
  const { documentCount, documentMegabytes } = readFragment(ExportContentFragment, dataExport);
  return (
    <Section title={m.export_content_title()}>
      <Rows>
        <Row
          title={m.export_documents()}
          detail={
            documentCount === 0
              ? m.export_documents_none()
              : m.export_documents_text({ size: formatCount(documentMegabytes) })
          }
          figure={formatCount(documentCount)}
        />
        <Row title={m.export_index()} detail={m.export_index_text()} />
        <Row title={m.export_data()} detail={m.export_data_text()} />
      </Rows>
    </Section>
  );
}
