/** Lets this session keep the notices alive that this browser has shown before (X3). */
import { useClient } from "@urql/preact";
import { useEffect } from "preact/hooks";
import { mayPushBeOn } from "../lib/push";

export function PushRenewal({ account }: { readonly account: string }): null {
  const client = useClient();
  useEffect(() => {
    // Where they were never turned on nothing is loaded.
    if (!mayPushBeOn(account)) return;
    import("../graphql/push")
      .then(({ renewPush }) => renewPush(client, account))
      .catch(() => undefined);
  }, [account, client]);
  return null;
}
