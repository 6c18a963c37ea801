/** From the last step's "Senden": the PDF made and kept, then sent. */
import { useClient } from "@urql/preact";
import { useEffect, useState } from "preact/hooks";
import type { ClaimDesk } from "../../graphql/claimFacts";
import { sendFromHere } from "../../graphql/claimSender";
import { isSealed } from "../../lib/claimDraft";
import { type ClaimPlace, placeFor } from "../../lib/claimFacts";
import { StoreFull } from "../../lib/secretStore";
import { pdfOfPages } from "./draftPdf";
import { hindranceOf } from "./handInLimits";
import type { OpenDraft } from "./openDraft";

export type SendingState =
  | { readonly kind: "preparing" | "ready" | "full" | "notMade" }
  | { readonly kind: NonNullable<ReturnType<typeof hindranceOf>> }
  | { readonly kind: "sending"; readonly part: number; readonly parts: number };

export function useSending(
  open: OpenDraft,
  desk: ClaimDesk,
): { readonly state: SendingState; readonly send: () => Promise<void> } {
  const client = useClient();
  const { draft } = open;
  const [state, setState] = useState<SendingState>({ kind: "preparing" });
  const place = placeFor(desk.facts, draft.kind, draft.contract);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once; nothing else changes here
  useEffect(() => {
    void keepPdf(open, place).then(setState);
  }, []);
  const send = async () => {
    setState({ kind: "sending", part: 0, parts: 1 });
    await sendFromHere(client, desk, draft.id, (part, parts) =>
      setState({ kind: "sending", part, parts }),
    ).catch(() => undefined);
    setState({ kind: "ready" });
  };
  return { state, send };
}

/** Makes "Ihr gespeichertes PDF" of the pages, one page after the other. */
async function keepPdf(
  { drafts, draft, change }: OpenDraft,
  place: ClaimPlace | null,
): Promise<SendingState> {
  try {
    const known = draft.hasPdf ? await drafts.file(draft, "pdf") : null;
    const file = known ?? (await pdfOfPages(drafts, draft));
    if (!known) await change({ hasPdf: true }, { put: [[["pdf", draft.id], file]] });
    // What may be at the server already is sent again, whatever is taken today (F60).
    const hindrance = isSealed(draft) ? null : hindranceOf([{ draft, file }], place);
    return { kind: hindrance ?? "ready" };
  } catch (error) {
    return { kind: error instanceof StoreFull ? "full" : "notMade" };
  }
}
