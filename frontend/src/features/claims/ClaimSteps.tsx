/** How far a claim has come: the steps behind it with their days, and those to come (X1). */
import type { JSX } from "preact";
import { type ClaimStatus, claimStatusName } from "../../lib/claimWords";
import { formatDate } from "../../lib/format";
import { m } from "../../paraglide/messages.js";
import styles from "./ClaimSteps.module.css";

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
    <ol class={styles.steps}>
      {way.map((step, index) => {
        const day = days.get(step);
        const isDone = day !== undefined || index <= reached;
        return (
          <li
            key={step}
            class={isDone ? styles.done : styles.open}
            aria-current={step === status ? "step" : undefined}
          >
            <span class={styles.name}>{claimStatusName(step)}</span>
            <span class={styles.day}>
              {day ? formatDate(day) : isDone ? m.claims_step_done() : m.claims_step_open()}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
