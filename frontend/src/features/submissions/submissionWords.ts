/** The states of a submission in the customer's words. */
import type { graphql } from "../../graphql/graphql";
import { m } from "../../paraglide/messages.js";

type SubmissionState = ReturnType<typeof graphql.scalar<"SubmissionState">>;

const STATES: Record<SubmissionState, () => string> = {
  RECEIVED: m.submissions_state_received,
  TRANSMITTED: m.submissions_state_transmitted,
  REROUTED: m.submissions_state_rerouted,
  CONFIRMED: m.submissions_state_confirmed,
  REFUSED: m.submissions_state_refused,
};

export function stateText(state: SubmissionState): string {
  return STATES[state]();
}
