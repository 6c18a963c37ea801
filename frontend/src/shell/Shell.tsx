/** Header, navigation and footer around every page. */
import { useClient, useQuery } from "@urql/preact";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useLocation } from "preact-iso";
import { graphql } from "../graphql/graphql";
import { refreshPostbox } from "../graphql/refresh";
import { formatDate } from "../lib/format";
import { paths } from "../lib/paths";
import { listenToPostbox } from "../lib/postboxChanges";
import { m } from "../paraglide/messages.js";
import { BottomBar } from "./BottomBar";
import { ClaimOutbox } from "./ClaimOutbox";
import { Footer, FooterFragment, FooterViewerFragment } from "./Footer";
import { Header, HeaderPortalFragment, HeaderViewerFragment } from "./Header";
import { PushRenewal } from "./PushRenewal";
import { SessionExpiry } from "./SessionExpiry";
import styles from "./Shell.module.css";

const ShellQuery = graphql(
  `
    query Shell {
      portal {
        isSandbox
        today
        ...HeaderPortal
        ...Footer
      }
      viewer {
        id
        unreadConversationCount
        postbox {
          unreadCount
        }
        ...HeaderViewer
        ...FooterViewer
        session {
          signedInAt
          expiresAt
          idleExpiresAt
        }
      }
    }
  `,
  [HeaderPortalFragment, HeaderViewerFragment, FooterFragment, FooterViewerFragment],
);

/** Opening a letter or a conversation changes how many wait, which the answer's types don't tell. */
const waiting = { additionalTypenames: ["Document", "Conversation"] };

/** A page opened without a network gets header and navigation once there is one. */
function useBackOnline(isMissing: boolean, ask: (how: { requestPolicy: "network-only" }) => void) {
  const asking = useRef(ask);
  asking.current = ask;
  useEffect(() => {
    if (!isMissing) return;
    const again = () => asking.current({ requestPolicy: "network-only" });
    addEventListener("online", again);
    return () => removeEventListener("online", again);
  }, [isMissing]);
}

export function Shell({ children }: { readonly children: ComponentChildren }): JSX.Element {
  const [{ data }, ask] = useQuery({ query: ShellQuery, variables: {}, context: waiting });
  useBackOnline(data === undefined, ask);
  const { path } = useLocation();
  const client = useClient();
  const viewer = data?.viewer ?? null;
  const isSignedIn = viewer !== null;
  // Signing out gives a new client before anybody knows who is there now: no reason to listen anew.
  const asking = useRef(client);
  asking.current = client;
  useEffect(
    () => (isSignedIn ? listenToPostbox(() => refreshPostbox(asking.current)) : undefined),
    [isSignedIn],
  );
  const unreadCount = viewer ? viewer.postbox.unreadCount + viewer.unreadConversationCount : 0;
  const showsNavigation = viewer !== null && path !== paths.signIn;
  return (
    <div class={showsNavigation ? styles.withBottomBar : styles.shell}>
      <a class={styles.skip} href="#content">
        {m.shell_skip()}
      </a>
      {data?.portal.isSandbox && (
        <aside class={styles.sandbox} aria-label={m.shell_sandbox_label()}>
          {m.shell_sandbox({ date: formatDate(data.portal.today) })} <a href="/sandbox">/sandbox</a>
        </aside>
      )}
      <Header
        portal={data?.portal ?? null}
        viewer={viewer}
        unreadCount={unreadCount}
        showsNavigation={showsNavigation}
      />
      <main id="content" class={styles.main} tabIndex={-1}>
        {children}
      </main>
      {data && <Footer portal={data.portal} viewer={viewer} />}
      {showsNavigation && <BottomBar unreadCount={unreadCount} />}
      {viewer && <SessionExpiry />}
      {viewer && <ClaimOutbox account={viewer.id} />}
      {viewer && <PushRenewal account={viewer.id} />}
    </div>
  );
}
