/** Where somebody stands on the way to an account, and what this step is about. */
import type { ComponentChildren, JSX } from "preact";
import { m } from "../../paraglide/messages.js";
import styles from "./StepLead.module.css";

const STEPS = 3;

interface StepLeadProps {
  readonly step: 1 | 2 | 3;
  readonly children?: ComponentChildren;
}

export function StepLead({ step, children }: StepLeadProps): JSX.Element {
  return (
    <>
      <span class={styles.step}>
        {m.registration_step({ step: String(step), steps: String(STEPS) })}
      </span>
      {children}
    </>
  );
}
