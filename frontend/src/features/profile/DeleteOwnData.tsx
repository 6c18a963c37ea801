/** The way to "Daten löschen": what was added by hand, and nothing else (F10). */
import type { JSX } from "preact";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Row } from "../../ui/Row";
import { Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";

export function DeleteOwnData(): JSX.Element {
  return (
    <Section title={m.self_added_title()}>
      <Rows>
        <Row
          href={paths.deleteSelfAdded}
          title={m.self_added_delete_title()}
          detail={m.self_added_delete_lead()}
        />
      </Rows>
    </Section>
  );
}
