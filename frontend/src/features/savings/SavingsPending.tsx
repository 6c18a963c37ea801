/** The shape of a savings page while it loads. */
import type { JSX } from "preact";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";

export function SavingsPending(): JSX.Element {
  return (
    <Page title={m.savings_title()} back={{ href: paths.contracts, label: m.contracts_title() }}>
      <Skeleton rows={8} />
    </Page>
  );
}
