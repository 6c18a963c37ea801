/** Ends every session but this one, after one question (X18, F72). */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { problemText, RefusalFragment } from "../../graphql/refusal";
import { formatCount } from "../../lib/format";
import { m } from "../../paraglide/messages.js";
import { AskedButton } from "../../ui/AskedButton";
import type { Outcome } from "../../ui/OutcomeMessage";

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
  readonly onOutcome: (outcome: Outcome | null) => void;
}): JSX.Element {
  const [, end] = useMutation(EndOtherSessionsMutation);
  const answer = async () => {
    const result = (await end({}, alsoChanged)).data?.endOtherSessions;
    if (result?.__typename !== "SessionsEnded") return problemText(result);
    onOutcome({ kind: "success", text: endedText(result.endedCount) });
    return null;
  };
  return (
    <div>
      <AskedButton
        label={m.profile_sessions_end()}
        title={m.profile_sessions_end_title()}
        text={m.profile_sessions_end_text()}
        yes={m.profile_sessions_end_now()}
        onAsk={() => onOutcome(null)}
        onYes={answer}
      />
    </div>
  );
}

function endedText(count: number): string {
  return count === 1
    ? m.profile_sessions_ended_one()
    : m.profile_sessions_ended_other({ count: formatCount(count) });
}
