/** Other devices of the customer that show notices, and ending that from here (X3). */
import { useClient } from "@urql/preact";
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { endPush } from "../../graphql/push";
import { formatDate } from "../../lib/format";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Message } from "../../ui/Message";
import { Row } from "../../ui/Row";
import { Rows } from "../../ui/Rows";

export const PushElsewhereFragment = graphql(`
  fragment PushElsewhere on PushSubscription {
    id
    deviceName
    createdAt
  }
`);

interface PushElsewhereProps {
  readonly subscriptions: readonly FragmentOf<typeof PushElsewhereFragment>[];
  readonly onChanged: () => void;
}

export function PushElsewhere({ subscriptions, onChanged }: PushElsewhereProps): JSX.Element {
  const client = useClient();
  const [busy, setBusy] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const end = async (id: string) => {
    setBusy(id);
    setProblem(await endPush(client, id));
    setBusy(null);
    onChanged();
  };
  return (
    <>
      <h3>{m.push_elsewhere()}</h3>
      {problem && (
        <Message kind="danger" isAlert>
          <p>{problem}</p>
        </Message>
      )}
      <Rows>
        {readFragment(PushElsewhereFragment, subscriptions).map(({ id, deviceName, createdAt }) => {
          const name = deviceName ?? m.push_unnamed_device();
          return (
            <Row
              key={id}
              title={name}
              detail={m.profile_consent_since({ date: formatDate(createdAt) })}
              action={
                <Button kind="quiet" isBusy={busy === id} onClick={() => void end(id)}>
                  {m.push_end_there()}
                  <span class="visually-hidden"> {name}</span>
                </Button>
              }
            />
          );
        })}
      </Rows>
    </>
  );
}
