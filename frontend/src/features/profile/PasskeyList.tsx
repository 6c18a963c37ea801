/** The customer's passkeys; each can be removed, once approved (X4). */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { formatDate } from "../../lib/format";
import { m } from "../../paraglide/messages.js";
import { EmptyState } from "../../ui/EmptyState";
import { Message } from "../../ui/Message";
import { ReceiptLink } from "../../ui/ReceiptLink";
import { Row } from "../../ui/Row";
import { Rows } from "../../ui/Rows";
import { type PasskeyRemoved, RemovePasskey } from "./RemovePasskey";

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

interface PasskeyListProps {
  readonly viewer: FragmentOf<typeof PasskeyListFragment>;
  readonly onRemoved: () => void;
}

export function PasskeyList({ viewer, onRemoved }: PasskeyListProps): JSX.Element {
  const { passkeys } = readFragment(PasskeyListFragment, viewer);
  const [removed, setRemoved] = useState<PasskeyRemoved | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  return (
    <div class="stack">
      {removed && (
        <Message key={removed.name} kind="success" takesFocus>
          <p>{m.profile_passkey_removed({ name: removed.name })}</p>
          <ReceiptLink receipt={removed.receipt} />
        </Message>
      )}
      {problem && (
        <Message kind="danger" isAlert>
          <p>{problem}</p>
        </Message>
      )}
      {passkeys.length === 0 && <EmptyState title={m.profile_passkeys_empty()} />}
      {passkeys.length > 0 && (
        <Rows label={m.profile_passkeys_title()}>
          {passkeys.map((passkey) => (
            <Row
              key={passkey.id}
              title={passkey.name}
              detail={[
                m.profile_passkey_created({ date: formatDate(passkey.createdAt) }),
                passkey.lastUsedAt
                  ? m.profile_passkey_used({ date: formatDate(passkey.lastUsedAt) })
                  : m.profile_passkey_unused(),
                passkey.isSynced ? m.profile_passkey_synced() : m.profile_passkey_bound(),
              ].join(" · ")}
              action={
                <RemovePasskey
                  id={passkey.id}
                  name={passkey.name}
                  onRemoved={(gone) => {
                    setRemoved(gone);
                    if (gone) onRemoved();
                  }}
                  onProblem={setProblem}
                />
              }
            />
          ))}
        </Rows>
      )}
    </div>
  );
}
