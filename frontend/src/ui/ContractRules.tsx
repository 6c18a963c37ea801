/** F39–F46 in plain words: which contracts are shown, and whom to ask. */
import type { FragmentOf } from "gql.tada";
import type { JSX } from "preact";
import { m } from "../paraglide/messages.js";
import { Contact, type ContactFragment } from "./Contact";
import styles from "./ContractRules.module.css";

export function ContractRules({
  contact,
}: {
  readonly contact: FragmentOf<typeof ContactFragment>;
}): JSX.Element {
  return (
    <div class="stack">
      <p>{m.contracts_rules_intro()}</p>
      <ul class={styles.list}>
        <li>{m.contracts_rules_future()}</li>
        <li>{m.contracts_rules_shared()}</li>
        <li>{m.contracts_rules_role()}</li>
        <li>{m.contracts_rules_pension()}</li>
      </ul>
      <p>{m.contracts_rules_contact()}</p>
      <Contact contact={contact} />
    </div>
  );
}
