/** One entry of the security log, in words (X4). */
import { type FragmentOf, type ResultOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { formatDateTime } from "../../lib/format";
import { m } from "../../paraglide/messages.js";
import { Row } from "../../ui/Row";

export const SecurityEventRowFragment = graphql(`
  fragment SecurityEventRow on SecurityEvent {
    kind
    occurredAt
    deviceName
    detail
  }
`);

type Kind = ResultOf<typeof SecurityEventRowFragment>["kind"];

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
  DEVICE_ADDED: m.profile_event_device_added,
  DEVICE_RENAMED: m.profile_event_device_renamed,
  DEVICE_LOCKED: m.profile_event_device_locked,
  DEVICE_UNLOCKED: m.profile_event_device_unlocked,
  DEVICE_REMOVED: m.profile_event_device_removed,
  DEVICE_REPLACED: m.profile_event_device_replaced,
  USER_ACCOUNT_LOCKED: m.profile_event_account_locked,
  USER_ACCOUNT_UNLOCKED: m.profile_event_account_unlocked,
  APPROVAL_GIVEN: m.profile_event_approval_given,
  APPROVAL_REFUSED: m.profile_event_approval_refused,
  CONVERSATION_SHOWN: m.profile_event_conversation_shown,
  SUBMISSION_SHOWN: m.profile_event_submission_shown,
  DATA_EXPORTED: m.profile_event_data_exported,
  RECOVERY_STARTED: m.profile_event_recovery_started,
  RECOVERY_LETTER_REQUESTED: m.profile_event_recovery_letter,
  RECOVERY_REFUSED: m.profile_event_recovery_refused,
  RECOVERED: m.profile_event_recovered,
};

export function SecurityEventRow({
  event,
}: {
  readonly event: FragmentOf<typeof SecurityEventRowFragment>;
}): JSX.Element {
  const { kind, occurredAt, deviceName, detail } = readFragment(SecurityEventRowFragment, event);
  return (
    <Row
      title={detail ? `${words[kind]()}: ${detail}` : words[kind]()}
      detail={[formatDateTime(occurredAt), deviceName ?? m.profile_session_unknown()].join(" · ")}
    />
  );
}
