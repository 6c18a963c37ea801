/** From several parked invoices to their claims: files made and checked first, then begun together and sent one after another (X10, F60). */
import { useClient } from "@urql/preact";
import { useEffect, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import type { ClaimDesk } from "../../graphql/claimFacts";
import type { Sent } from "../../graphql/claimOutbox";
import { sendFromHere } from "../../graphql/claimSender";
import { type ClaimDraft, newDraft } from "../../lib/claimDraft";
import { placeFor } from "../../lib/claimFacts";
import { type ParkedInvoice, parcelsOf, titleOf } from "../../lib/parkedInvoices";
import { claimDraftPath, claimPath, paths } from "../../lib/paths";
import { StoreFull } from "../../lib/secretStore";
import { pdfOfPages } from "./draftPdf";
import { hindranceOf, type Prepared } from "./handInLimits";

export type HandInState =
  | { readonly kind: Hindrance | "preparing" | "ready" }
  | {
      readonly kind: "sending";
      readonly number: number;
      readonly part: number;
      readonly parts: number;
    };

type Hindrance = NonNullable<ReturnType<typeof hindranceOf>> | "notMade" | "full" | "gone";

interface HandIn {
  readonly state: HandInState;
  /** Empty until they are made. */
  readonly prepared: readonly Prepared[];
  readonly send: () => Promise<void>;
}

export function useHandIn(desk: ClaimDesk, invoices: readonly ParkedInvoice[]): HandIn {
  const client = useClient();
  const { route } = useLocation();
  const [state, setState] = useState<HandInState>({ kind: "preparing" });
  const [prepared, setPrepared] = useState<readonly Prepared[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once; nothing else changes here
  useEffect(() => {
    const [first] = invoices;
    const place = placeFor(desk.facts, first?.kind ?? null, first?.contract ?? null);
    void prepare(desk, invoices).then(
      (made) => {
        setPrepared(made);
        setState({ kind: hindranceOf(made, place) ?? "ready" });
      },
      () => setState({ kind: "notMade" }),
    );
  }, []);
  const send = async () => {
    setState({ kind: "sending", number: 1, part: 0, parts: 1 });
    const begun = await desk.drafts
      .beginTogether(prepared.map(({ draft, file }) => ({ ...draft, file })))
      .catch((error: unknown) => (error instanceof StoreFull ? "full" : "notMade"));
    if (!begun || typeof begun === "string") return setState({ kind: begun ?? "gone" });
    const sent: Sent[] = [];
    for (const [index, { id }] of begun.entries()) {
      const told = (part: number, parts: number) =>
        setState({ kind: "sending", number: index + 1, part, parts });
      // What fails is kept with its reason; the next one is tried all the same.
      sent.push(await sendFromHere(client, desk, id, told).catch(() => null));
    }
    route(pathAfter(begun, sent), true);
  };
  return { state, prepared, send };
}

async function prepare(
  { drafts }: ClaimDesk,
  invoices: readonly ParkedInvoice[],
): Promise<Prepared[]> {
  const prepared: Prepared[] = [];
  for (const parcel of parcelsOf(invoices)) {
    const [first] = parcel.invoices;
    if (!first) continue;
    const draft = newDraft({
      kind: first.kind,
      contract: first.contract,
      title: titleOf(parcel),
      pages: parcel.pages,
      chosen: parcel.pages.length > 0 ? null : (first.chosen ?? null),
      hasPdf: true,
      invoices: parcel.invoices.map(({ id }) => id),
    });
    const file =
      draft.pages.length > 0 ? await pdfOfPages(drafts, draft) : await drafts.file(first, "pdf");
    if (!file) throw new Error("The file is gone");
    prepared.push({ draft, file });
  }
  return prepared;
}

/** To the claim, or to where what failed stands with its reason. */
function pathAfter(begun: readonly ClaimDraft[], sent: readonly Sent[]): string {
  const claims = sent.flatMap((one) => (one && "claim" in one ? [one.claim] : []));
  const [only] = begun;
  if (begun.length === 1 && only) {
    return claims[0] ? `${claimPath(claims[0])}?gesendet=1` : claimDraftPath(only.id, "pruefen");
  }
  const areAllSent = claims.length === begun.length;
  return areAllSent ? `${paths.parkedInvoices}?gesendet=${claims.length}` : paths.claims;
}
