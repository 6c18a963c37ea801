/** Names and values; rows without a value are left out. */
import type { ComponentChildren, JSX } from "preact";
import styles from "./DataList.module.css";

interface DataListProps {
  readonly items: readonly (readonly [name: string, value: ComponentChildren])[];
}

export function DataList({ items }: DataListProps): JSX.Element {
  const given = items.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return (
    <dl class={styles.list}>
      {given.map(([name, value]) => (
        <div key={name} class={styles.item}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
