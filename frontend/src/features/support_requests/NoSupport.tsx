/** This group has no support desk: customer service helps. */
import type { FragmentOf } from "gql.tada";
import type { JSX } from "preact";
import { m } from "../../paraglide/messages.js";
import { Contact, type ContactFragment } from "../../ui/Contact";
import { Message } from "../../ui/Message";

interface NoSupportProps {
  readonly contact: FragmentOf<typeof ContactFragment>;
}

export function NoSupport({ contact }: NoSupportProps): JSX.Element {
  return (
    <Message title={m.support_none_title()}>
      <p>{m.support_none_text()}</p>
      <Contact contact={contact} />
    </Message>
  );
}
