/** A change is done: its own page says so, what happens next, gives the receipt, and leads back. */
import type { ComponentChildren, JSX } from "preact";
import type { IssuedReceipt } from "../../graphql/receipts";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Message } from "../../ui/Message";
import { Page } from "../../ui/Page";
import { ReceiptLink } from "../../ui/ReceiptLink";

interface ChangedProps {
  readonly title: string;
  readonly receipt: IssuedReceipt;
  readonly children: ComponentChildren;
}

export function Changed({ title, receipt, children }: ChangedProps): JSX.Element {
  return (
    <Page title={title}>
      <Message kind="success">
        {children}
        <ReceiptLink receipt={receipt} />
      </Message>
      <div>
        <Button kind="secondary" href={paths.settings}>
          {m.profile_back_to_settings()}
        </Button>
      </div>
    </Page>
  );
}
