/** "Angemeldete Geräte": where the customer is signed in, and ending that (X4, X18). */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { formatDateTime } from "../../lib/format";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { type Outcome, OutcomeMessage } from "../../ui/OutcomeMessage";
import { Row } from "../../ui/Row";
import { Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";
import { EndOtherSessions } from "./EndOtherSessions";
import { EndSession } from "./EndSession";

export const SessionListFragment = graphql(`
  fragment SessionList on Viewer {
    sessions {
      id
      deviceName
      signedInAt
      lastUsedAt
      isCurrent
    }
  }
`);

export function SessionList({
  viewer,
}: {
  readonly viewer: FragmentOf<typeof SessionListFragment>;
}): JSX.Element {
  const { sessions } = readFragment(SessionListFragment, viewer);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  return (
    <Section title={m.profile_sessions_title()}>
      <p>
        {m.profile_sessions_text()}{" "}
        <a href={paths.changePassword}>{m.profile_sessions_password()}</a>.
      </p>
      <OutcomeMessage outcome={outcome} />
      <Rows label={m.profile_sessions_title()}>
        {sessions.map(({ id, deviceName, signedInAt, lastUsedAt, isCurrent }) => {
          const name = deviceName ?? m.profile_session_unknown();
          return (
            <Row
              key={id}
              title={isCurrent ? `${name} (${m.profile_session_current()})` : name}
              detail={
                <>
                  {m.profile_session_used({ time: formatDateTime(lastUsedAt) })}
                  <br />
                  {m.profile_session_begun({ time: formatDateTime(signedInAt) })}
                </>
              }
              isMarked={isCurrent}
              action={!isCurrent && <EndSession id={id} name={name} onOutcome={setOutcome} />}
            />
          );
        })}
      </Rows>
      {sessions.length > 1 && <EndOtherSessions onOutcome={setOutcome} />}
    </Section>
  );
}
