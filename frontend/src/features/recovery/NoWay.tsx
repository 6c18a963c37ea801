/** Nothing beside the mailbox was ever proved: only customer service can help. */
import { useQuery } from "@urql/preact";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { m } from "../../paraglide/messages.js";
import { Contact, ContactFragment } from "../../ui/Contact";
import { FailedState } from "../../ui/FailedState";
import { RefusedState } from "../../ui/RefusedState";

const RecoveryContactQuery = graphql(
  `
    query RecoveryContact {
      portal {
        customerService {
          ...Contact
        }
      }
    }
  `,
  [ContactFragment],
);

export function NoWay(): JSX.Element {
  const [{ data, error }, execute] = useQuery({ query: RecoveryContactQuery });
  return (
    <>
      <RefusedState title={m.recovery_no_way_title()}>
        <p>{m.recovery_no_way_text()}</p>
      </RefusedState>
      {error && (
        <FailedState error={error} onRetry={() => execute({ requestPolicy: "network-only" })} />
      )}
      {data && <Contact contact={data.portal.customerService} />}
    </>
  );
}
