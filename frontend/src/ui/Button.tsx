/** A button, or a link that looks like one when `href` is given. */
import type { ComponentChildren, JSX } from "preact";
import styles from "./Button.module.css";

interface ButtonProps {
  readonly children: ComponentChildren;
  /** primary: the one thing to do here; secondary: another way; quiet: text only. */
  readonly kind?: "primary" | "secondary" | "quiet";
  readonly type?: "button" | "submit";
  readonly href?: string;
  /** File name for a link that downloads. */
  readonly download?: string;
  /** Shows progress and ignores further presses, but keeps the focus. */
  readonly isBusy?: boolean;
  readonly isWide?: boolean;
  /** Where something has to find it: an error summary, a label. */
  readonly id?: string;
  /** Ids of what names it, when its own words don't suffice. */
  readonly labelledBy?: string;
  /** Ids of what explains it. */
  readonly describedBy?: string;
  readonly onClick?: (event: MouseEvent) => void;
}

export function Button({
  children,
  kind = "primary",
  type = "button",
  href,
  download,
  isBusy = false,
  isWide = false,
  id,
  labelledBy,
  describedBy,
  onClick,
}: ButtonProps): JSX.Element {
  const className = `${styles.button} ${styles[kind]} ${isWide ? styles.wide : ""}`;
  if (href !== undefined) {
    return (
      <a class={className} href={href} download={download} onClick={onClick}>
        {children}
      </a>
    );
  }
  return (
    <button
      id={id}
      type={type}
      class={className}
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      aria-disabled={isBusy}
      aria-busy={isBusy}
      onClick={(event) => {
        if (isBusy) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {children}
    </button>
  );
}
