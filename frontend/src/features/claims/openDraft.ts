/** A draft as a page of the flow works on it. */
import type { ClaimDraft } from "../../lib/claimDraft";
import type { ClaimDrafts, Files } from "../../lib/claimDrafts";

export interface OpenDraft {
  readonly drafts: ClaimDrafts;
  readonly draft: ClaimDraft;
  /** Keeps changes and shows them; rejects if there is no room. */
  readonly change: (values: Partial<ClaimDraft>, files?: Files) => Promise<ClaimDraft>;
}
