/** Tabs that are addresses: links in a navigation, so that reload, back and sharing work. */
import type { JSX } from "preact";
import styles from "./Tabs.module.css";

interface TabsProps {
  readonly label: string;
  readonly tabs: readonly {
    readonly href: string;
    readonly label: string;
    readonly isCurrent: boolean;
  }[];
}

export function Tabs({ label, tabs }: TabsProps): JSX.Element {
  return (
    <nav class={styles.tabs} aria-label={label}>
      {tabs.map((tab) => (
        <a key={tab.href} href={tab.href} aria-current={tab.isCurrent ? "page" : undefined}>
          {tab.label}
        </a>
      ))}
    </nav>
  );
}
