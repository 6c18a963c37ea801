/** The claims of an account that this device alone holds, kept up to date. */
import { useEffect, useState } from "preact/hooks";
import { type ClaimDraft, ClaimDrafts, onDraftsChanged } from "../lib/claimDrafts";

export function useUnsentClaims(account: string): readonly ClaimDraft[] {
  const [drafts, setDrafts] = useState<readonly ClaimDraft[]>([]);
  useEffect(() => {
    let isGone = false;
    const read = async () => {
      const known = await ClaimDrafts.find(account);
      // What can't be read counts as nothing: the page is about more than this.
      const found = (await known?.all().catch(() => [])) ?? [];
      if (!isGone) setDrafts(found);
    };
    void read();
    const stop = onDraftsChanged(() => void read());
    return () => {
      isGone = true;
      stop();
    };
  }, [account]);
  return drafts;
}
