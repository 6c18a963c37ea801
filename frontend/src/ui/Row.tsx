/** One row: what it is at the left, the one figure that matters at the right; pressable as a whole if it has a link. */
import type { ComponentChildren, JSX } from "preact";
import styles from "./Row.module.css";

interface RowProps {
  readonly title: ComponentChildren;
  /** Smaller line under the title. */
  readonly detail?: ComponentChildren;
  /** Right-aligned: an amount, a date. */
  readonly figure?: ComponentChildren;
  /** Smaller line under the figure. */
  readonly figureDetail?: ComponentChildren;
  readonly href?: string;
  /** What can be done with it, a button at its right; not together with `href`. */
  readonly action?: ComponentChildren;
  /** Bold title with a mark, e.g. an unread letter; say it in words in `detail` or `title` too. */
  readonly isMarked?: boolean;
}

export function Row({
  title,
  detail,
  figure,
  figureDetail,
  href,
  action,
  isMarked = false,
}: RowProps): JSX.Element {
  const lines = (
    <>
      <div class={styles.line}>
        {href ? (
          <a class={styles.link} href={href}>
            {title}
          </a>
        ) : (
          <span class={styles.title}>{title}</span>
        )}
        {figure && <span class={`amount ${styles.figure}`}>{figure}</span>}
      </div>
      {(detail || figureDetail) && (
        <div class={`${styles.line} ${styles.wraps}`}>
          {detail && <span class={styles.title}>{detail}</span>}
          {figureDetail && <span class={styles.figure}>{figureDetail}</span>}
        </div>
      )}
    </>
  );
  const className = `${styles.row} ${isMarked ? styles.marked : ""}`;
  if (!action) return <li class={className}>{lines}</li>;
  return (
    <li class={`${className} ${styles.acts}`}>
      <div class={styles.text}>{lines}</div>
      {action}
    </li>
  );
}
