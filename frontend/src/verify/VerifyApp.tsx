/** The page that verifies receipts: a frame without anything that needs the portal. */
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { LocationProvider } from "preact-iso";
import { applyLocale, LocaleContext } from "../lib/locale";
import { m } from "../paraglide/messages.js";
import { getLocale, type Locale } from "../paraglide/runtime.js";
import { LanguageSwitch } from "../shell/LanguageSwitch";
import { ThemeSwitch } from "../shell/ThemeSwitch";
import { BrandMark } from "../ui/BrandMark";
import { Page } from "../ui/Page";
import { ReceiptCheck } from "./ReceiptCheck";
import styles from "./VerifyApp.module.css";

/** Every link here leaves this page, so none belongs to the router. */
const noScope = /(?!)/;

export function VerifyApp(): JSX.Element {
  const [locale, setLocale] = useState<Locale>(getLocale());
  const choice = useMemo(
    () => ({
      locale,
      choose: (next: Locale) => {
        applyLocale(next);
        setLocale(next);
      },
    }),
    [locale],
  );
  return (
    <LocaleContext.Provider value={choice}>
      <LocationProvider scope={noScope}>
        <header class={styles.header}>
          <a class={styles.brand} href="/">
            <BrandMark />
            <span>{m.verify_to_portal()}</span>
          </a>
          <div class={styles.tools}>
            <LanguageSwitch />
            <ThemeSwitch />
          </div>
        </header>
        <main id="content" class={styles.main} tabIndex={-1}>
          <Page title={m.verify_title()} lead={m.verify_lead()}>
            <ReceiptCheck />
          </Page>
        </main>
      </LocationProvider>
    </LocaleContext.Provider>
  );
}
