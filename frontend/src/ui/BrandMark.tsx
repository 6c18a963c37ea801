/** Mark of the demo group: two fields and a horizon. */
import type { JSX } from "preact";

export function BrandMark(): JSX.Element {
  return (
    <svg viewBox="0 0 32 32" width="32" height="32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="var(--accent)" />
      <path
        d="M6 21.5c4-4.2 8-4.2 10-1.5s6 2.7 10-1.5V24a2 2 0 0 1-2 2H8a2 2 0 0 1-2-2z"
        fill="var(--on-accent)"
      />
      <circle cx="20.5" cy="11" r="3.5" fill="var(--on-accent)" />
    </svg>
  );
}
