/** Light, dark or as the system says; kept on this device only. */
import { readStored, writeStored } from "./storage";

export type Theme = "system" | "light" | "dark";

const KEY = "kundenportal.theme";

export function chosenTheme(): Theme {
  const stored = readStored(KEY);
  return stored === "light" || stored === "dark" ? stored : "system";
}

/** Applies at once and remembers; "system" forgets the choice. */
export function chooseTheme(theme: Theme): void {
  writeStored(KEY, theme === "system" ? null : theme);
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

/** What is on the screen right now. */
export function isDark(): boolean {
  const theme = chosenTheme();
  return theme === "system" ? matchMedia("(prefers-color-scheme: dark)").matches : theme === "dark";
}
