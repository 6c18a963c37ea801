/** Filters above a list: folded on the phone, open where there is room; applied with a button, kept in the URL. */
import type { ComponentChildren, JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { m } from "../paraglide/messages.js";
import { Button } from "./Button";
import styles from "./FilterBar.module.css";

interface FilterBarProps {
  /** Number of filters that are set, shown on the folded bar. */
  readonly activeCount: number;
  /** Fold it on wide screens too: for more than two or three fields. */
  readonly isFolded?: boolean;
  readonly onApply: () => void;
  readonly onReset: () => void;
  readonly children: ComponentChildren;
}

export function FilterBar({
  activeCount,
  isFolded = false,
  onApply,
  onReset,
  children,
}: FilterBarProps): JSX.Element {
  const [isOpen, setOpen] = useState(activeCount > 0);
  const id = useId();
  return (
    <search class={`${styles.filter} ${isFolded ? "" : styles.spacious}`}>
      <button
        type="button"
        class={styles.toggle}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        {m.common_filter()}
        {activeCount > 0 && <span> ({activeCount})</span>}
      </button>
      <form
        id={id}
        class={isOpen ? styles.open : styles.folded}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          onApply();
        }}
      >
        <div class={styles.fields}>{children}</div>
        <div class={styles.actions}>
          <Button type="submit" kind="secondary">
            {m.common_apply()}
          </Button>
          {activeCount > 0 && (
            <Button kind="quiet" onClick={onReset}>
              {m.common_reset_filter()}
            </Button>
          )}
        </div>
      </form>
    </search>
  );
}
