/** A heading with what belongs to it; an optional link at its right leads to everything. */
import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";
import styles from "./Section.module.css";

interface SectionProps {
  readonly title: string;
  readonly more?: { readonly href: string; readonly label: string };
  readonly children: ComponentChildren;
}

export function Section({ title, more, children }: SectionProps): JSX.Element {
  const id = useId();
  return (
    <section class={styles.section} aria-labelledby={id}>
      <div class={styles.head}>
        <h2 id={id}>{title}</h2>
        {more && <a href={more.href}>{more.label}</a>}
      </div>
      {children}
    </section>
  );
}
