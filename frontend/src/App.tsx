/** Providers around the shell: language, session, GraphQL client, location. */
import { Provider } from "@urql/preact";
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { LocationProvider } from "preact-iso";
import { createPortalClient } from "./graphql/client";
import { applyLocale, LocaleContext } from "./lib/locale";
import { portalScope } from "./lib/paths";
import { forgetPresence, notePresence } from "./lib/presence";
import {
  ASSUMED_IDLE_MS,
  type SessionChoice,
  SessionContext,
  type SignedOutReason,
} from "./lib/session";
import { SessionClock } from "./lib/sessionClock";
import { getLocale, type Locale } from "./paraglide/runtime.js";
import { Routes } from "./router";
import { ApprovalHost } from "./shell/ApprovalHost";
import { ErrorBoundary } from "./shell/ErrorBoundary";
import { Shell } from "./shell/Shell";

/** What the device knew for the time without a network goes with the session. */
function forgetDesk(): void {
  const account = forgetPresence();
  if (!account) return;
  void import("./lib/claimDrafts")
    .then(({ ClaimDrafts }) => ClaimDrafts.forgetDesk(account))
    .catch(() => undefined);
}

export function App(): JSX.Element {
  const [locale, setLocale] = useState<Locale>(getLocale());
  const [generation, setGeneration] = useState(0);
  const [reason, setReason] = useState<SignedOutReason>("first");
  const [clock] = useState(() => new SessionClock(ASSUMED_IDLE_MS));

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new generation is a new, empty client
  const client = useMemo(
    () =>
      createPortalClient({
        onAnswer: (session, account) => {
          const now = Date.now();
          clock.answered(now, session);
          if (account) notePresence(account, now + clock.left(now).ms);
        },
        onSessionEnded: () => {
          forgetDesk();
          if (!clock.isRunning) return;
          clock.stop();
          setReason("expired");
          setGeneration((n) => n + 1);
        },
      }),
    [generation, clock],
  );
  const session = useMemo<SessionChoice>(
    () => ({
      reason,
      clock,
      begin: (started) => {
        clock.signedIn(Date.now(), started);
        setReason("first");
        setGeneration((n) => n + 1);
      },
      end: (why) => {
        forgetDesk();
        clock.stop();
        setReason(why);
        setGeneration((n) => n + 1);
      },
    }),
    [reason, clock],
  );
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
      <SessionContext.Provider value={session}>
        <Provider value={client}>
          <LocationProvider scope={portalScope}>
            <ApprovalHost>
              <Shell key={locale}>
                <ErrorBoundary>
                  <Routes />
                </ErrorBoundary>
              </Shell>
            </ApprovalHost>
          </LocationProvider>
        </Provider>
      </SessionContext.Provider>
    </LocaleContext.Provider>
  );
}
