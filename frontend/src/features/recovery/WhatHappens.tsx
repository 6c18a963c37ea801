/** What will hold and what will be gone after a recovery by letter. */
import type { JSX } from "preact";
import { m } from "../../paraglide/messages.js";
import { DataList } from "../../ui/DataList";
import { Row } from "../../ui/Row";
import { Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";

export function WhatHappens({ phone }: { readonly phone: string }): JSX.Element {
  return (
    <>
      <Section title={m.recovery_review_holds()}>
        <DataList
          items={[
            [m.recovery_review_password(), m.recovery_review_password_value()],
            [m.recovery_review_phone(), phone],
          ]}
        />
      </Section>
      <Section title={m.recovery_review_ends()}>
        <Rows label={m.recovery_review_ends()}>
          <Row title={m.recovery_review_passkeys()} detail={m.recovery_review_passkeys_detail()} />
          <Row title={m.recovery_review_sessions()} detail={m.recovery_review_sessions_detail()} />
        </Rows>
        <p>{m.recovery_review_stays()}</p>
      </Section>
    </>
  );
}
