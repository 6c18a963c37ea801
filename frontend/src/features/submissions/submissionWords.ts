/** The states of a submission in the customer's words. */
import type { ResultOf } from "gql.tada";
import { m } from "../../paraglide/messages.js";
import type { SubmissionStepsFragment } from "./SubmissionSteps";

export type SubmissionState = ResultOf<typeof SubmissionStepsFragment>["state"];

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
