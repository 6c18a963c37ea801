/** One draft, kept up to date with what other tabs and the service worker do to it. */
import { useCallback, useEffect, useState } from "preact/hooks";
import { type ClaimDraft, type ClaimDrafts, onDraftsChanged } from "../../lib/claimDrafts";
import type { OpenDraft } from "./openDraft";

export type FoundDraft = OpenDraft | "pending" | "absent" | { readonly sentAs: string };

export function useDraft(drafts: ClaimDrafts, id: string): FoundDraft {
  const [draft, setDraft] = useState<ClaimDraft | null | undefined>(undefined);
  const [sentAs, setSentAs] = useState<string | null>(null);
  useEffect(() => {
    let isGone = false;
    const read = async () => {
      const found = await drafts.read(id);
      const sent = found ? null : await drafts.sent(id);
      if (isGone) return;
      setSentAs(sent?.claim ?? null);
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
      const changed = await drafts.keep({ ...before, ...values }, files);
      setDraft(changed);
      return changed;
    },
    [drafts, id],
  );
  if (draft === undefined) return "pending";
  if (draft) return { drafts, draft, change };
  return sentAs ? { sentAs } : "absent";
}
