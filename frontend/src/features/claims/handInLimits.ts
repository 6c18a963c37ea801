/** What an institution takes at a time, compared with what is to be handed in together, before anything is written (F56, X10). */
import type { ClaimDraft } from "../../lib/claimDraft";
import type { ClaimPlace } from "../../lib/claimFacts";
import { type ParkedInvoice, parcelsOf } from "../../lib/parkedInvoices";
import { m } from "../../paraglide/messages.js";

/** A claim to be, with the file that will be sent. */
export interface Prepared {
  readonly draft: ClaimDraft;
  readonly file: BufferSource;
}

/** null: these may go on to the review. */
export function wrongChoice(
  chosen: readonly ParkedInvoice[],
  { mostPages, contract }: ClaimPlace,
): string | null {
  if (chosen.length === 0) return m.parked_pick_missing();
  const pages = Math.max(...parcelsOf(chosen).map((parcel) => parcel.pages.length));
  if (pages <= mostPages) return null;
  return m.parked_too_many_pages({
    count: String(pages),
    institution: contract.institution,
    most: String(mostPages),
  });
}

/** null: the institution takes these files as they are. */
export function hindranceOf(
  prepared: readonly Prepared[],
  place: ClaimPlace | null,
): "notTaken" | "otherWay" | "tooLarge" | null {
  if (!place) return "notTaken";
  const takes = ({ draft }: Prepared) =>
    place.formats.includes(draft.pages.length > 0 ? "PHOTOS" : (draft.chosen?.format ?? "PDF"));
  if (!prepared.every(takes)) return "otherWay";
  const isTooLarge = ({ draft, file }: Prepared) =>
    file.byteLength > place.largestBytes || draft.pages.length > place.mostPages;
  return prepared.some(isTooLarge) ? "tooLarge" : null;
}
