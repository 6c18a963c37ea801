/** A change is done: its own page says so, what happens next, and leads back. */
import type { ComponentChildren, JSX } from "preact";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Message } from "../../ui/Message";
import { Page } from "../../ui/Page";

interface ChangedProps {
  readonly title: string;
  readonly children: ComponentChildren;
}

export function Changed({ title, children }: ChangedProps): JSX.Element {
  return (
    <Page title={title}>
      <Message kind="success">{children}</Message>
      <div>
        <Button kind="secondary" href={paths.settings}>
          {m.profile_back_to_settings()}
        </Button>
      </div>
    </Page>
  );
}
