/** Warns before the session ends and lets the customer stay (WCAG 2.2.1). */
import { useClient, useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { graphql } from "../graphql/graphql";
import { SignOutMutation } from "../graphql/signOut";
import { useSession } from "../lib/session";
import { m } from "../paraglide/messages.js";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";

const ExtendSessionQuery = graphql(`
  query ExtendSession {
    viewer {
      id
      session {
        signedInAt
        expiresAt
        idleExpiresAt
      }
    }
  }
`);

const WARN_BEFORE_MS = 120_000;
const CHECK_EVERY_MS = 5_000;

export function SessionExpiry(): JSX.Element | null {
  const { clock, end } = useSession();
  const client = useClient();
  const [, signOut] = useMutation(SignOutMutation);
  const [warning, setWarning] = useState<"none" | "idle" | "absolute">("none");

  useEffect(() => {
    let hasEnded = false;
    const check = () => {
      const { ms, limit, idleWindow } = clock.left(Date.now());
      if (ms <= 0 && !hasEnded) {
        hasEnded = true;
        void signOut({}).then(() => end("expired"));
      } else setWarning(ms > Math.min(WARN_BEFORE_MS, idleWindow / 2) ? "none" : limit);
    };
    const timer = setInterval(check, CHECK_EVERY_MS);
    return () => clearInterval(timer);
  }, [clock, end, signOut]);

  const extend = () => {
    setWarning("none");
    void client.query(ExtendSessionQuery, {}, { requestPolicy: "network-only" }).toPromise();
  };
  const leave = () => void signOut({}).then(() => end("left"));
  if (warning === "none") return null;
  return (
    <Dialog title={m.shell_expiry_title()} onClose={extend}>
      <p>{warning === "idle" ? m.shell_expiry_text() : m.shell_expiry_limit_text()}</p>
      <div class="buttons">
        <Button onClick={extend}>
          {warning === "idle" ? m.shell_expiry_stay() : m.common_close()}
        </Button>
        <Button kind="secondary" onClick={leave}>
          {m.shell_expiry_leave()}
        </Button>
      </div>
    </Dialog>
  );
}
