/** Nothing arrived: says so, keeps calm, offers to try again; without network it goes on by itself later. */
import type { CombinedError } from "@urql/core";
import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { m } from "../paraglide/messages.js";
import { Button } from "./Button";
import { Message } from "./Message";

interface FailedStateProps {
  readonly error?: CombinedError | undefined;
  readonly onRetry: () => void;
}

export function FailedState({ error, onRetry }: FailedStateProps): JSX.Element {
  const isOnline = useOnline(onRetry);
  const isOffline = !isOnline && (error === undefined || error.networkError !== undefined);
  const requestId = error?.graphQLErrors[0]?.extensions.requestId;
  return (
    <Message
      kind="danger"
      isAlert
      title={isOffline ? m.common_offline_title() : m.common_failed_title()}
    >
      <p>{isOffline ? m.common_offline_text() : m.common_failed_text()}</p>
      {typeof requestId === "string" && (
        <p class="small muted">{m.common_request_id({ id: requestId })}</p>
      )}
      <p>
        <Button kind="secondary" onClick={onRetry}>
          {m.common_retry()}
        </Button>
      </p>
    </Message>
  );
}

/** Whether there is a network; tells when it is back. */
function useOnline(onBack: () => void): boolean {
  const [isOnline, setOnline] = useState(navigator.onLine);
  const back = useRef(onBack);
  back.current = onBack;
  // Before the browser goes on: an effect after painting misses a network that is back meanwhile.
  useLayoutEffect(() => {
    const update = () => {
      setOnline(navigator.onLine);
      if (navigator.onLine) back.current();
    };
    addEventListener("online", update);
    addEventListener("offline", update);
    return () => {
      removeEventListener("online", update);
      removeEventListener("offline", update);
    };
  }, []);
  return isOnline;
}
