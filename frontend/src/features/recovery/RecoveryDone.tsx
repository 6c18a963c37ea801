/** Back in: what holds, a passkey for the next time, and the way on. */
import type { JSX } from "preact";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { AddPasskey } from "../../ui/AddPasskey";
import { Button } from "../../ui/Button";
import { Message } from "../../ui/Message";
import { Section } from "../../ui/Section";

export function RecoveryDone({ what }: { readonly what: "password" | "all" }): JSX.Element {
  return (
    <>
      <Message kind="success">
        <p>{what === "password" ? m.recovery_done_password() : m.recovery_done_all()}</p>
      </Message>
      {what === "all" && (
        <Section title={m.recovery_done_passkey()}>
          <p>{m.recovery_done_passkey_text()}</p>
          <AddPasskey onAdded={() => undefined} />
        </Section>
      )}
      <div>
        <Button kind={what === "password" ? "primary" : "secondary"} href={paths.overview}>
          {m.recovery_to_overview()}
        </Button>
      </div>
    </>
  );
}
