/** Ends one session at once. */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { problemText, RefusalFragment } from "../../graphql/refusal";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import type { Outcome } from "../../ui/OutcomeMessage";

const EndSessionMutation = graphql(
  `
    mutation EndSession($input: EndSessionInput!) {
      endSession(input: $input) {
        __typename
        ... on UserSession {
          id
        }
        ...Refusal
      }
    }
  `,
  [RefusalFragment],
);

/** What ends a session also stands in the log. */
const alsoChanged = { additionalTypenames: ["UserSession", "SecurityEventConnection"] };

interface EndSessionProps {
  readonly id: string;
  readonly name: string;
  readonly onOutcome: (outcome: Outcome | null) => void;
}

export function EndSession({ id, name, onOutcome }: EndSessionProps): JSX.Element {
  const [{ fetching }, end] = useMutation(EndSessionMutation);
  const press = async () => {
    onOutcome(null);
    const result = (await end({ input: { session: id } }, alsoChanged)).data?.endSession;
    if (result?.__typename === "UserSession") {
      return onOutcome({ kind: "success", text: m.profile_session_ended({ name }) });
    }
    onOutcome({ kind: "danger", text: problemText(result) });
  };
  return (
    <Button kind="quiet" isBusy={fetching} onClick={() => void press()}>
      {m.profile_session_end()}
      <span class="visually-hidden"> {name}</span>
    </Button>
  );
}
