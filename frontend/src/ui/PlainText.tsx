/** Text exactly as it is, every blank and line of it. */
import type { JSX } from "preact";
import styles from "./PlainText.module.css";

export function PlainText({ text }: { readonly text: string }): JSX.Element {
  return <pre class={styles.text}>{text}</pre>;
}
