/** What is wrong with a form, on top of it, with links that focus the fields. */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { m } from "../paraglide/messages.js";
import styles from "./ErrorSummary.module.css";

interface ErrorSummaryProps {
  /** `field` is the id of the input; without one the message has no link. */
  readonly errors: readonly { readonly field?: string; readonly message: string }[];
}

export function ErrorSummary({ errors }: ErrorSummaryProps): JSX.Element | null {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (errors.length > 0) box.current?.focus();
  }, [errors]);
  if (errors.length === 0) return null;
  const focus = (event: Event, field: string) => {
    event.preventDefault();
    document.getElementById(field)?.focus();
  };
  return (
    <div ref={box} class={styles.summary} role="alert" tabIndex={-1}>
      <p class={styles.title}>
        {errors.some(({ field }) => field) ? m.common_error_summary() : m.common_failed_title()}
      </p>
      <ul>
        {errors.map(({ field, message }) => (
          <li key={`${field}${message}`}>
            {field ? (
              <a href={`#${field}`} onClick={(event) => focus(event, field)}>
                {message}
              </a>
            ) : (
              message
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
