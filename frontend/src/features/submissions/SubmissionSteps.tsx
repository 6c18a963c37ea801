/** The way of a submission: each state with its time, and what comes next while it is open. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { formatDateTime } from "../../lib/format";
import { m } from "../../paraglide/messages.js";
import styles from "./SubmissionSteps.module.css";
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
    <ol class={styles.steps}>
      {steps.map((step) => (
        <li
          key={step.state}
          class={`${styles.step} ${step.state === "REFUSED" ? styles.refused : ""}`}
        >
          <span class={styles.state}>{stateText(step.state)}</span>
          <time dateTime={step.occurredAt}>{formatDateTime(step.occurredAt)}</time>
        </li>
      ))}
      {next && (
        <li class={`${styles.step} ${styles.open}`}>
          <span class={styles.state}>{m.submissions_next()}</span>
          <span>{next}</span>
        </li>
      )}
    </ol>
  );
}
