/** The other language, in that language. */
import type { JSX } from "preact";
import { useLocale } from "../lib/locale";
import { m } from "../paraglide/messages.js";
import styles from "./tools.module.css";

export function LanguageSwitch(): JSX.Element {
  const { locale, choose } = useLocale();
  const other = locale === "de" ? "en" : "de";
  return (
    <button type="button" class={styles.tool} lang={other} onClick={() => choose(other)}>
      <span class={styles.short} aria-hidden="true">
        {other.toUpperCase()}
      </span>
      <span class={styles.long} aria-hidden="true">
        {m.shell_language_switch_short()}
      </span>
      <span class="visually-hidden">{m.shell_language_switch()}</span>
    </button>
  );
}
