/** The user account is locked: what happened before, and how to come back (F72). */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { formatDateTime } from "../../lib/format";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Message } from "../../ui/Message";
import { Page } from "../../ui/Page";
import { Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";
import { SecurityEventRow, SecurityEventRowFragment } from "./SecurityEventRow";

export const AccountLockedFragment = graphql(
  `
    fragment AccountLocked on UserAccountLocked {
      lockedAt
      securityEvents {
        occurredAt
        ...SecurityEventRow
      }
    }
  `,
  [SecurityEventRowFragment],
);

export type LockOutcome = FragmentOf<typeof AccountLockedFragment>;

export function AccountLocked({ outcome }: { readonly outcome: LockOutcome }): JSX.Element {
  const { lockedAt, securityEvents } = readFragment(AccountLockedFragment, outcome);
  return (
    <Page key="locked" title={m.lock_done_title()}>
      <Message kind="success">
        <p>{m.lock_done_text({ time: formatDateTime(lockedAt) })}</p>
      </Message>
      <div class="sections">
        <Section title={m.lock_back_title()}>
          <p>{m.lock_back_text()}</p>
          <div>
            <Button href={paths.lostAccess}>{m.lock_back_action()}</Button>
          </div>
        </Section>
        <Section title={m.lock_events_title()}>
          <p>{m.lock_events_text()}</p>
          <Rows label={m.lock_events_title()}>
            {securityEvents.map((event, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a list that never changes
              <SecurityEventRow key={`${event.occurredAt}-${index}`} event={event} />
            ))}
          </Rows>
        </Section>
      </div>
    </Page>
  );
}
