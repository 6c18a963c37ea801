/** Ends every session but this one, after one question (X18, F72). */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { problemsOf, RefusalFragment } from "../../graphql/refusal";
import { formatCount } from "../../lib/format";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import type { SessionOutcome } from "./SessionList";

const EndOtherSessionsMutation = graphql(
  `
    mutation EndOtherSessions {
      endOtherSessions {
        __typename
        ... on SessionsEnded {
          endedCount
        }
        ...Refusal
      }
    }
  `,
  [RefusalFragment],
);

/** The answer only counts the sessions; the lists that change are named here. */
const alsoChanged = { additionalTypenames: ["UserSession", "SecurityEventConnection"] };

export function EndOtherSessions({
  onOutcome,
}: {
  readonly onOutcome: (outcome: SessionOutcome | null) => void;
}): JSX.Element {
  const [{ fetching }, end] = useMutation(EndOtherSessionsMutation);
  const [isAsking, setAsking] = useState(false);
  const press = async () => {
    const result = (await end({}, alsoChanged)).data?.endOtherSessions;
    setAsking(false);
    if (result?.__typename === "SessionsEnded") {
      return onOutcome({ kind: "success", text: endedText(result.endedCount) });
    }
    const text = problemsOf(result)
      .map(({ message }) => message)
      .join(" ");
    onOutcome({ kind: "danger", text });
  };
  return (
    <div>
      <Button
        kind="secondary"
        onClick={() => {
          onOutcome(null);
          setAsking(true);
        }}
      >
        {m.profile_sessions_end()}
      </Button>
      {isAsking && (
        <Dialog title={m.profile_sessions_end_title()} onClose={() => setAsking(false)}>
          <p>{m.profile_sessions_end_text()}</p>
          <div class="buttons">
            <Button isBusy={fetching} onClick={() => void press()}>
              {m.profile_sessions_end_now()}
            </Button>
            <Button kind="secondary" onClick={() => setAsking(false)}>
              {m.common_cancel()}
            </Button>
          </div>
        </Dialog>
      )}
    </div>
  );
}

function endedText(count: number): string {
  return count === 1
    ? m.profile_sessions_ended_one()
    : m.profile_sessions_ended_other({ count: formatCount(count) });
}
