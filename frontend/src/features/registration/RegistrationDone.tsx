/** The account is open: what comes by itself, a passkey to make the next time easy, and the ways on (F4). */
import type { JSX } from "preact";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { AddPasskey } from "../../ui/AddPasskey";
import { Message } from "../../ui/Message";
import { Row } from "../../ui/Row";
import { Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";

export function RegistrationDone(): JSX.Element {
  return (
    <>
      <Message kind="success">
        <p>{m.registration_done_text()}</p>
      </Message>
      <Section title={m.registration_passkey_title()}>
        <p>{m.registration_passkey_text()}</p>
        <AddPasskey onAdded={() => undefined} />
      </Section>
      <Section title={m.registration_next()}>
        <Rows>
          <Row
            href={paths.addContracts}
            title={m.contracts_add()}
            detail={m.registration_next_contracts()}
          />
          <Row
            href={paths.overview}
            title={m.registration_next_overview()}
            detail={m.registration_next_overview_detail()}
          />
        </Rows>
      </Section>
    </>
  );
}
