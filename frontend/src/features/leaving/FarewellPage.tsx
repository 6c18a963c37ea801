/** After leaving: what is done, what comes by mail, and the way back in (F5–F8). */
import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Message } from "../../ui/Message";
import { Page } from "../../ui/Page";
import { Section } from "../../ui/Section";

export function FarewellPage(): JSX.Element {
  const { query } = useLocation();
  const hasWithdrawn = query.grund === "widerruf";
  return (
    <Page title={hasWithdrawn ? m.leaving_withdrawn_title() : m.leaving_deleted_title()}>
      <Message kind="success">
        <p>{hasWithdrawn ? m.leaving_withdrawn_text() : m.leaving_deleted_text()}</p>
      </Message>
      <Section title={m.leaving_next_title()}>
        <p>{hasWithdrawn ? m.leaving_next_withdrawn() : m.leaving_next_deleted()}</p>
        <p>{m.leaving_next_contracts()}</p>
      </Section>
      <Section title={m.leaving_again_title()}>
        <p>{m.leaving_again_text()}</p>
        <div>
          <Button kind="secondary" href={paths.register}>
            {m.sign_in_register()}
          </Button>
        </div>
      </Section>
    </Page>
  );
}
