/** An own entry that is gone, or never was the customer's. */
import type { JSX } from "preact";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Page } from "../../ui/Page";
import { RefusedState } from "../../ui/RefusedState";

export function SelfAddedNotFound(): JSX.Element {
  return (
    <Page
      title={m.self_added_not_found_title()}
      back={{ href: paths.contracts, label: m.contracts_title() }}
    >
      <RefusedState title={m.self_added_not_found_title()}>
        <p>{m.self_added_not_found_text()}</p>
        <p>
          <Button kind="secondary" href={paths.contracts}>
            {m.contracts_to_list()}
          </Button>
        </p>
      </RefusedState>
    </Page>
  );
}
