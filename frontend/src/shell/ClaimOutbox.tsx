/** Goes on sending claims that wait on this device, as soon as somebody is signed in and there is a network (F60). */
import { useClient } from "@urql/preact";
import { useEffect } from "preact/hooks";

export function ClaimOutbox({ account }: { readonly account: string }): null {
  const client = useClient();
  useEffect(() => {
    const go = async () => {
      // Most customers have nothing waiting: then nothing is loaded.
      const databases = await indexedDB?.databases?.();
      if (databases?.every(({ name }) => name !== "kundenportal-claims")) return;
      const [{ ClaimDrafts }, { resume }] = await Promise.all([
        import("../lib/claimDrafts"),
        import("../graphql/claimSender"),
      ]);
      const drafts = await ClaimDrafts.find(account);
      if (drafts) await resume({ account, drafts, client });
    };
    const start = () => void go().catch(() => undefined);
    start();
    addEventListener("online", start);
    return () => removeEventListener("online", start);
  }, [account, client]);
  return null;
}
