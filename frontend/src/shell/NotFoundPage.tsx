/** An address without a page. */
import type { JSX } from "preact";
import { paths } from "../lib/paths";
import { m } from "../paraglide/messages.js";
import { Button } from "../ui/Button";
import { Page } from "../ui/Page";

export function NotFoundPage(): JSX.Element {
  return (
    <Page title={m.common_not_found_title()} lead={m.common_not_found_text()}>
      <p>
        <Button kind="secondary" href={paths.overview}>
          {m.common_not_found_home()}
        </Button>
      </p>
    </Page>
  );
}
