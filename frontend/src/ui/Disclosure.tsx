/** A menu row that opens what belongs to it; the page may keep the state in its address. */
import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";
import styles from "./Disclosure.module.css";

interface DisclosureProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
  readonly children: ComponentChildren;
}

export function Disclosure({ title, isOpen, onToggle, children }: DisclosureProps): JSX.Element {
  const id = useId();
  return (
    <div class={styles.disclosure}>
      <h2 class={styles.heading}>
        <button type="button" aria-expanded={isOpen} aria-controls={id} onClick={onToggle}>
          {title}
          <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
            <path d="m7 10 5 5 5-5" fill="none" stroke="currentColor" stroke-width="2" />
          </svg>
        </button>
      </h2>
      <div id={id} class={styles.body} hidden={!isOpen}>
        {children}
      </div>
    </div>
  );
}
