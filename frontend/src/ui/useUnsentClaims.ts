/** The claims of an account that this device alone holds, parked invoices among them, kept up to date. */
import { useEffect, useState } from "preact/hooks";
import type { ClaimDraft } from "../lib/claimDraft";
import { ClaimDrafts, onDraftsChanged } from "../lib/claimDrafts";

/** null until they are read. */
export function useUnsentClaims(account: string): readonly ClaimDraft[] | null {
  const [drafts, setDrafts] = useState<readonly ClaimDraft[] | null>(null);
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
