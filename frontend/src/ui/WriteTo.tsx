/** Leads to a message to an institution that already has its subject. */
import type { JSX } from "preact";
import { writeToPath } from "../lib/paths";
import { m } from "../paraglide/messages.js";
import { Button } from "./Button";

interface WriteToProps {
  readonly institution: { readonly id: string; readonly name: string };
  /** What it is about, in the customer's words; it can be changed there. */
  readonly subject: string;
}

export function WriteTo({ institution, subject }: WriteToProps): JSX.Element {
  return (
    <Button kind="secondary" href={writeToPath(institution.id, subject)}>
      {m.messages_write_to({ name: institution.name })}
    </Button>
  );
}
