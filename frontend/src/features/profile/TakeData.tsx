/** The way to the export of everything (X12, X13). */
import type { JSX } from "preact";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Row } from "../../ui/Row";
import { Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";

export function TakeData(): JSX.Element {
  return (
    <Section title={m.export_title()}>
      <Rows>
        <Row href={paths.takeData} title={m.export_action()} detail={m.export_lead()} />
      </Rows>
    </Section>
  );
}
