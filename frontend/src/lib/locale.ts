/** The chosen language: German unless the customer chose English on this device. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { getLocale, type Locale, setLocale } from "../paraglide/runtime.js";

export interface LocaleChoice {
  readonly locale: Locale;
  readonly choose: (locale: Locale) => void;
}

export const LocaleContext = createContext<LocaleChoice>({ locale: "de", choose: () => undefined });

export function useLocale(): LocaleChoice {
  return useContext(LocaleContext);
}

/** Switches without reloading, so that nothing typed elsewhere is lost; html lang follows. */
export function applyLocale(locale: Locale): void {
  if (locale !== getLocale()) void setLocale(locale, { reload: false });
  document.documentElement.lang = locale;
}
