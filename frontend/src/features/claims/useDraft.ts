/** One draft, kept up to date with what other tabs and the service worker do to it. */
import { useCallback, useEffect, useState } from "preact/hooks";
import type { ClaimDraft } from "../../lib/claimDraft";
import { type ClaimDrafts, onDraftsChanged } from "../../lib/claimDrafts";
import { holderOf } from "../../lib/parkedInvoices";
import type { OpenDraft } from "./openDraft";

export type FoundDraft =
  | OpenDraft
  | "pending"
  | "absent"
  | { readonly sentAs: string }
  /** A parked invoice that is on its way as part of this draft. */
  | { readonly heldBy: string };

export function useDraft(drafts: ClaimDrafts, id: string): FoundDraft {
  const [draft, setDraft] = useState<ClaimDraft | null | undefined>(undefined);
  const [sentAs, setSentAs] = useState<string | null>(null);
  const [heldBy, setHeldBy] = useState<string | null>(null);
  useEffect(() => {
    let isGone = false;
    const read = async () => {
      const found = await drafts.read(id);
      const sent = found ? null : await drafts.sent(id);
      const holder = found?.parked ? holderOf(await drafts.all(), id) : null;
      if (isGone) return;
      setSentAs(sent?.claim ?? null);
      setHeldBy(holder?.id ?? null);
      setDraft(found);
    };
    void read();
    const stop = onDraftsChanged(() => void read());
    return () => {
      isGone = true;
      stop();
    };
  }, [drafts, id]);
  const change = useCallback<OpenDraft["change"]>(
    async (values, files) => {
      const before = await drafts.read(id);
      if (!before) throw new Error("The draft is gone");
      if (before.parked && holderOf(await drafts.all(), id)) throw new Error("It is on its way");
      const changed = await drafts.keep({ ...before, ...values }, files);
      setDraft(changed);
      return changed;
    },
    [drafts, id],
  );
  if (draft === undefined) return "pending";
  if (heldBy) return { heldBy };
  if (draft) return { drafts, draft, change };
  return sentAs ? { sentAs } : "absent";
}
