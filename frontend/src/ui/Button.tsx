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
      type={type}
      class={className}
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
