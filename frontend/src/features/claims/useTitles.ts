/** The customer's own titles, which only this device knows (F62). */
import { useEffect, useState } from "preact/hooks";
import { ClaimDrafts } from "../../lib/claimDrafts";

export function useTitles(account: string): ReadonlyMap<string, string> {
  const [titles, setTitles] = useState<ReadonlyMap<string, string>>(new Map());
  useEffect(() => {
    let isGone = false;
    const read = async () => {
      const drafts = await ClaimDrafts.find(account);
      const known = await drafts?.titles();
      if (known && !isGone) setTitles(known);
    };
    // Without titles the rows are named by their kind.
    void read().catch(() => undefined);
    return () => {
      isGone = true;
    };
  }, [account]);
  return titles;
}
