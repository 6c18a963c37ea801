/** The PDF of a draft's pages, read one after the other: phones have little memory (F56). */
import type { ClaimDraft } from "../../lib/claimDraft";
import type { ClaimDrafts } from "../../lib/claimDrafts";
import { pdfOf } from "./pdfFile";

export async function pdfOfPages(
  drafts: ClaimDrafts,
  draft: ClaimDraft,
): Promise<Uint8Array<ArrayBuffer>> {
  const pages: Uint8Array<ArrayBuffer>[] = [];
  for (const { id } of draft.pages) {
    pages.push(new Uint8Array(await (await drafts.page(draft, id)).arrayBuffer()));
  }
  return pdfOf(pages);
}
