/** The sandbox's page: people to sign in as, messages that left the portal, and the clock. */
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
import { ClockPanel } from "./ClockPanel";
import { CorePanel } from "./CorePanel";
import { MessageList } from "./MessageList";
import { PersonaList } from "./PersonaList";
import styles from "./SandboxApp.module.css";

/** Every link here leaves this page, so none belongs to the router. */
const noScope = /(?!)/;

export function SandboxApp(): JSX.Element {
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
        <div key={locale}>
          <a class={styles.skip} href="#content">
            {m.shell_skip()}
          </a>
          <header>
            <p class={styles.banner}>
              <strong>{m.sandbox_banner_title()}</strong> {m.sandbox_banner()}
            </p>
            <div class={styles.header}>
              <a class={styles.brand} href="/">
                <BrandMark />
                <span>{m.sandbox_to_portal()}</span>
              </a>
              <a class={styles.queries} href="/graphiql">
                {m.sandbox_to_graphiql()}
              </a>
              <div class={styles.tools}>
                <LanguageSwitch />
                <ThemeSwitch />
              </div>
            </div>
          </header>
          <main id="content" class={styles.main} tabIndex={-1}>
            <Page title={m.sandbox_title()} lead={m.sandbox_lead()} isWide>
              <div class={styles.columns}>
                <PersonaList />
                <div class={styles.side}>
                  <ClockPanel />
                  <CorePanel />
                  <MessageList />
                </div>
              </div>
            </Page>
          </main>
        </div>
      </LocationProvider>
    </LocaleContext.Provider>
  );
}
