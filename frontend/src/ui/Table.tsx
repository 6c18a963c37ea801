/** A table for records; on the phone it scrolls in its own box that the keyboard can reach. */
import type { ComponentChildren, JSX } from "preact";
import styles from "./Table.module.css";

interface Column<Item> {
  readonly key: string;
  readonly title: string;
  readonly cell: (item: Item) => ComponentChildren;
  readonly isNumeric?: boolean;
}

interface TableProps<Item> {
  readonly caption: string;
  readonly columns: readonly Column<Item>[];
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => string;
}

export function Table<Item>({ caption, columns, items, keyOf }: TableProps<Item>): JSX.Element {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard (WCAG 2.1.1)
    // biome-ignore lint/a11y/useSemanticElements: a named group without a landmark
    <div class={styles.box} role="group" aria-label={caption} tabIndex={0}>
      <table class={styles.table}>
        <caption class="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col" class={column.isNumeric ? styles.number : undefined}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={keyOf(item)}>
              {columns.map((column) => (
                <td key={column.key} class={column.isNumeric ? styles.number : undefined}>
                  {column.cell(item)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
