/** The urql client: same origin, POST only; in production only document ids travel. */
import { type Client, cacheExchange, createClient, fetchExchange, mapExchange } from "@urql/core";
import type { ServerSession } from "../lib/sessionClock";
import { getLocale } from "../paraglide/runtime.js";
import { isUnattended, Refresher } from "./refresh";
import { accountIn, saysNotSignedIn, saysSignedIn, sessionIn } from "./signedIn";
import { fetchAcrossRenewals } from "./tokenRenewal";

export interface ClientEvents {
  /** An answer carried a viewer, perhaps with the limits of the session and the account. */
  readonly onAnswer: (session: ServerSession | undefined, account: string | undefined) => void;
  readonly onSessionEnded: () => void;
}

/** A client with an empty cache; make a new one whenever the person at the screen may have changed. */
export function createPortalClient(events: ClientEvents): Client {
  return createClient({
    url: "/graphql",
    preferGetMethod: false,
    fetch: fetchAcrossRenewals,
    fetchOptions: () => ({
      credentials: "same-origin",
      headers: { "Accept-Language": getLocale() },
    }),
    exchanges: [
      cacheExchange,
      new Refresher().exchange,
      mapExchange({
        onResult(result) {
          if (saysSignedIn(result.data)) {
            if (isUnattended(result)) return;
            events.onAnswer(sessionIn(result.data), accountIn(result.data));
          } else if (!result.error && saysNotSignedIn(result.data)) events.onSessionEnded();
        },
      }),
      fetchExchange,
    ],
  });
}
