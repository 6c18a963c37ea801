/** A value to paste elsewhere, with a button that copies it. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { m } from "../paraglide/messages.js";
import styles from "./CopyValue.module.css";

const SHOWN_MS = 2_000;
const sheets = "M9 9h10v10H9zM15 9V5H5v10h4";
const tick = "m5 12.5 4.5 4.5L19 7.5";

interface CopyValueProps {
  readonly value: string;
  /** What the button does, in words. */
  readonly label: string;
}

export function CopyValue({ value, label }: CopyValueProps): JSX.Element {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = () => {
    navigator.clipboard.writeText(value).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <span class={styles.value}>
      <code>{value}</code>
      <button type="button" class={styles.copy} aria-label={label} title={label} onClick={copy}>
        <svg
          viewBox="0 0 24 24"
          width="20"
          height="20"
          fill="none"
          stroke="currentColor"
          stroke-width="1.6"
          stroke-linejoin="round"
          aria-hidden="true"
        >
          <path d={isCopied ? tick : sheets} />
        </svg>
      </button>
      <span role="status" class="visually-hidden">
        {isCopied && m.sandbox_copied()}
      </span>
    </span>
  );
}
