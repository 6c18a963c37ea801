/** The customer's passkeys. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { formatDate } from "../../lib/format";
import { m } from "../../paraglide/messages.js";
import { EmptyState } from "../../ui/EmptyState";
import { Row } from "../../ui/Row";
import { Rows } from "../../ui/Rows";

export const PasskeyListFragment = graphql(`
  fragment PasskeyList on Viewer {
    passkeys {
      id
      name
      createdAt
      lastUsedAt
      isSynced
    }
  }
`);

export function PasskeyList({
  viewer,
}: {
  readonly viewer: FragmentOf<typeof PasskeyListFragment>;
}): JSX.Element {
  const { passkeys } = readFragment(PasskeyListFragment, viewer);
  if (passkeys.length === 0) return <EmptyState title={m.profile_passkeys_empty()} />;
  return (
    <Rows label={m.profile_passkeys_title()}>
      {passkeys.map(({ id, name, createdAt, lastUsedAt, isSynced }) => (
        <Row
          key={id}
          title={name}
          detail={[
            m.profile_passkey_created({ date: formatDate(createdAt) }),
            lastUsedAt
              ? m.profile_passkey_used({ date: formatDate(lastUsedAt) })
              : m.profile_passkey_unused(),
            isSynced ? m.profile_passkey_synced() : m.profile_passkey_bound(),
          ].join(" · ")}
        />
      ))}
    </Rows>
  );
}
