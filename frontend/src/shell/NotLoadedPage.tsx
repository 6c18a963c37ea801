/** The code of a page did not arrive: no network, or a newer release took its place. */
import type { JSX } from "preact";
import { m } from "../paraglide/messages.js";
import { FailedState } from "../ui/FailedState";
import { Page } from "../ui/Page";

export function NotLoadedPage(): JSX.Element {
  return (
    <Page title={m.shell_portal()}>
      <FailedState onRetry={() => location.reload()} />
    </Page>
  );
}
