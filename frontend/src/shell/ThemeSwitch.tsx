/** Light or dark with one press; "as on the device" is in the profile. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { chooseTheme, isDark } from "../lib/theme";
import { m } from "../paraglide/messages.js";
import styles from "./tools.module.css";

const moon = "M19 14.5A7.5 7.5 0 0 1 9.5 5a7.5 7.5 0 1 0 9.5 9.5";
const sun =
  "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.6l1.1 1.1M17.3 17.3l1.1 1.1M5.6 18.4l1.1-1.1M17.3 6.7l1.1-1.1";

export function ThemeSwitch(): JSX.Element {
  const [dark, setDark] = useState(isDark);
  const toggle = () => {
    chooseTheme(dark ? "light" : "dark");
    setDark(!dark);
  };
  const label = dark ? m.shell_theme_to_light() : m.shell_theme_to_dark();
  return (
    <button type="button" class={styles.tool} aria-label={label} title={label} onClick={toggle}>
      <svg
        viewBox="0 0 24 24"
        width="24"
        height="24"
        fill="none"
        stroke="currentColor"
        stroke-width="1.6"
        stroke-linecap="round"
        stroke-linejoin="round"
        aria-hidden="true"
      >
        <path d={dark ? sun : moon} />
      </svg>
    </button>
  );
}
