/** Entries of the security log, in words (X4). */
import { type FragmentOf, type ResultOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { formatDateTime } from "../../lib/format";
import { m } from "../../paraglide/messages.js";
import { Row } from "../../ui/Row";
import { Rows } from "../../ui/Rows";

export const SecurityEventRowsFragment = graphql(`
  fragment SecurityEventRows on SecurityEventConnection {
    edges {
      cursor
      node {
        kind
        occurredAt
        deviceName
        detail
      }
    }
  }
`);

type Kind = ResultOf<typeof SecurityEventRowsFragment>["edges"][number]["node"]["kind"];

const words: Readonly<Record<Kind, () => string>> & Readonly<Record<string, () => string>> = {
  REGISTERED: m.profile_event_registered,
  CUSTOMER_NUMBER_LINKED: m.profile_event_linked,
  SIGNED_IN: m.profile_event_signed_in,
  SIGN_IN_FAILED: m.profile_event_sign_in_failed,
  PASSKEY_ADDED: m.profile_event_passkey_added,
  PASSKEY_REMOVED: m.profile_event_passkey_removed,
  PASSWORD_CHANGED: m.profile_event_password_changed,
  EMAIL_ADDRESS_CHANGED: m.profile_event_email_changed,
  PHONE_NUMBER_CHANGED: m.profile_event_phone_changed,
  SESSION_ENDED: m.profile_event_session_ended,
  APPROVAL_GIVEN: m.profile_event_approval_given,
  APPROVAL_REFUSED: m.profile_event_approval_refused,
  DATA_EXPORTED: m.profile_event_data_exported,
  RECOVERY_STARTED: m.profile_event_recovery_started,
  RECOVERY_LETTER_REQUESTED: m.profile_event_recovery_letter,
  RECOVERY_REFUSED: m.profile_event_recovery_refused,
  RECOVERED: m.profile_event_recovered,
};

export function SecurityEventRows({
  events,
}: {
  readonly events: FragmentOf<typeof SecurityEventRowsFragment>;
}): JSX.Element {
  const { edges } = readFragment(SecurityEventRowsFragment, events);
  return (
    <Rows label={m.profile_log_title()}>
      {edges.map(({ cursor, node: { kind, occurredAt, deviceName, detail } }) => (
        <Row
          key={cursor}
          title={detail ? `${words[kind]()}: ${detail}` : words[kind]()}
          detail={[formatDateTime(occurredAt), deviceName ?? m.profile_session_unknown()].join(
            " · ",
          )}
        />
      ))}
    </Rows>
  );
}
