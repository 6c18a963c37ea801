/** What every page of the flow needs: who it is, what can be handed in, and a place to keep it encrypted. */
import { useClient } from "@urql/preact";
import type { ComponentChildren, JSX } from "preact";
import { useCallback, useEffect, useState } from "preact/hooks";
import { type ClaimDesk, knownDesk, openDesk } from "../../graphql/claimFacts";
import { SignInRedirect } from "../../graphql/SignInRedirect";
import { NoSecretStore } from "../../lib/secretStore";
import { m } from "../../paraglide/messages.js";
import { FailedState } from "../../ui/FailedState";
import { RefusedState } from "../../ui/RefusedState";
import { Skeleton } from "../../ui/Skeleton";
import { Remembered } from "./Remembered";

type Answer = Awaited<ReturnType<typeof openDesk>> | NoSecretStore["reason"] | null;

export function DeskGate({
  children,
}: {
  readonly children: (desk: ClaimDesk) => ComponentChildren;
}): JSX.Element {
  const client = useClient();
  // What is known already need not be waited for at every step.
  const [answer, setAnswer] = useState<Answer>(() => knownDesk(client));
  const ask = useCallback(() => {
    const known = knownDesk(client);
    setAnswer(known);
    openDesk(client)
      .catch((error: unknown) => (error instanceof NoSecretStore ? error.reason : "failed"))
      .then((told) => setAnswer(told === "failed" && known ? known : told));
  }, [client]);
  useEffect(ask, [ask]);
  useRemembered(typeof answer === "object" ? (answer?.remembered?.until ?? null) : null, ask);
  switch (answer) {
    case null:
      return <Skeleton rows={4} />;
    case "signedOut":
      return <SignInRedirect />;
    case "failed":
      return <FailedState onRetry={ask} />;
    case "insecure":
    case "unable":
      return (
        <RefusedState title={m.claims_no_store_title()}>
          <p>{answer === "insecure" ? m.claims_no_store_insecure() : m.claims_no_store_unable()}</p>
          <p>{m.claims_no_store_way_out()}</p>
        </RefusedState>
      );
    default:
      return (
        <>
          {answer.remembered && <Remembered toldAt={answer.remembered.toldAt} />}
          {children(answer)}
        </>
      );
  }
}

/** Asks again once there is a network, and when the session would be over. */
function useRemembered(until: number | null, ask: () => void): void {
  useEffect(() => {
    if (until === null) return;
    const timer = setTimeout(ask, until - Date.now());
    addEventListener("online", ask);
    return () => {
      clearTimeout(timer);
      removeEventListener("online", ask);
    };
  }, [until, ask]);
}
