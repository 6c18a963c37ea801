/** The way of a submission: each state with its time, and what comes next while it is open. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { formatDateTime } from "../../lib/format";
import { m } from "../../paraglide/messages.js";
import { Steps } from "../../ui/Steps";
import { stateText } from "./submissionWords";

export const SubmissionStepsFragment = graphql(`
  fragment SubmissionSteps on Submission {
    state
    dueAt
    steps {
      state
      occurredAt
    }
  }
`);

export function SubmissionSteps({
  submission,
}: {
  readonly submission: FragmentOf<typeof SubmissionStepsFragment>;
}): JSX.Element {
  const { state, dueAt, steps } = readFragment(SubmissionStepsFragment, submission);
  const next = {
    RECEIVED: m.submissions_next_due({ due: formatDateTime(dueAt) }),
    TRANSMITTED: m.submissions_next_due({ due: formatDateTime(dueAt) }),
    REROUTED: m.submissions_next_desk(),
    CONFIRMED: null,
    REFUSED: null,
  }[state];
  return (
    <Steps
      steps={[
        ...steps.map((step) => ({
          name: stateText(step.state),
          when: formatDateTime(step.occurredAt),
          dateTime: step.occurredAt,
          kind: step.state === "REFUSED" ? ("refused" as const) : ("done" as const),
        })),
        ...(next ? [{ name: m.submissions_next(), when: next, kind: "open" as const }] : []),
      ]}
    />
  );
}
