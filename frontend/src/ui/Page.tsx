/** Frame of every page: title in the tab, heading that takes the focus after a change of page. */

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useLocation } from "preact-iso";
import { m } from "../paraglide/messages.js";
import styles from "./Page.module.css";

interface PageProps {
  readonly title: string;
  /** One line under the heading. */
  readonly lead?: ComponentChildren;
  /** Where this page belongs, e.g. the list above a detail page. */
  readonly back?: { readonly href: string; readonly label: string };
  /** Wide pages use the whole column (tables); others keep a readable measure. */
  readonly isWide?: boolean;
  readonly children: ComponentChildren;
}

let focusedPath: string | null = null;

export function Page({ title, lead, back, isWide = false, children }: PageProps): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  const { path } = useLocation();
  useEffect(() => {
    document.title = `${title} – ${m.shell_portal()}`;
  }, [title]);
  useEffect(() => {
    const isFirstLoad = focusedPath === null;
    const lostFocus = document.activeElement === document.body;
    if (!isFirstLoad && (focusedPath !== path || lostFocus)) {
      heading.current?.focus({ preventScroll: true });
    }
    focusedPath = path;
  }, [path]);
  return (
    <div class={isWide ? styles.wide : styles.page}>
      {back && (
        <p class={styles.back}>
          <a href={back.href}>
            <span aria-hidden="true">‹ </span>
            {back.label}
          </a>
        </p>
      )}
      <div class={styles.head}>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {lead && <p class={styles.lead}>{lead}</p>}
      </div>
      {children}
    </div>
  );
}
