/** An account that is not there, or somebody else's: the answer is the same. */
import type { JSX } from "preact";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Page } from "../../ui/Page";
import { RefusedState } from "../../ui/RefusedState";

export function SavingsNotFound(): JSX.Element {
  return (
    <Page title={m.savings_title()} back={{ href: paths.contracts, label: m.contracts_title() }}>
      <RefusedState title={m.savings_not_found_title()}>
        <p>{m.savings_not_found_text()}</p>
        <p>
          <Button kind="secondary" href={paths.contracts}>
            {m.contracts_to_list()}
          </Button>
        </p>
      </RefusedState>
    </Page>
  );
}
