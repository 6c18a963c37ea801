/** How far a claim has come: the steps behind it with their days, and those to come (X1). */
import type { JSX } from "preact";
import { type ClaimStatus, claimStatusName } from "../../lib/claimWords";
import { formatDate } from "../../lib/format";
import { m } from "../../paraglide/messages.js";
import { Steps } from "../../ui/Steps";

interface ClaimStepsProps {
  readonly status: ClaimStatus;
  readonly steps: readonly { readonly status: ClaimStatus; readonly occurredOn: string }[];
}

const WAY: readonly ClaimStatus[] = ["RECEIVED", "HANDED_OVER", "IN_REVIEW", "DECIDED", "PAID"];

export function ClaimSteps({ status, steps }: ClaimStepsProps): JSX.Element {
  const days = new Map(steps.map((step) => [step.status, step.occurredOn]));
  const reached = WAY.indexOf(status);
  const way = status === "FILE_REFUSED" ? steps.map((step) => step.status) : WAY;
  return (
    <Steps
      steps={way.map((step, index) => {
        const day = days.get(step);
        const isDone = day !== undefined || index <= reached;
        return {
          name: claimStatusName(step),
          when: day ? formatDate(day) : isDone ? m.claims_step_done() : m.claims_step_open(),
          kind: step === "FILE_REFUSED" ? "refused" : isDone ? "done" : "open",
          isCurrent: step === status,
        };
      })}
    />
  );
}
