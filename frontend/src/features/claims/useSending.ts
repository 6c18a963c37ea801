/** From the last step's "Senden": the PDF made and kept, then sent. */
import { useClient } from "@urql/preact";
import { useEffect, useState } from "preact/hooks";
import type { ClaimDesk } from "../../graphql/claimFacts";
import { sendFromHere } from "../../graphql/claimSender";
import { placeFor } from "../../lib/claimFacts";
import { StoreFull } from "../../lib/secretStore";
import { pdfOfPages } from "./draftPdf";
import type { OpenDraft } from "./openDraft";

export type SendingState =
  | { readonly kind: "preparing" | "ready" | "tooLarge" | "full" | "notMade" }
  | { readonly kind: "sending"; readonly part: number; readonly parts: number };

export function useSending(
  open: OpenDraft,
  desk: ClaimDesk,
): { readonly state: SendingState; readonly send: () => Promise<void> } {
  const client = useClient();
  const { draft } = open;
  const [state, setState] = useState<SendingState>({ kind: "preparing" });
  const mostBytes = placeFor(desk.facts, draft.kind, draft.contract)?.largestBytes;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once; nothing else changes here
  useEffect(() => {
    void keepPdf(open, mostBytes ?? Number.POSITIVE_INFINITY).then(setState);
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
  mostBytes: number,
): Promise<SendingState> {
  try {
    const known = draft.hasPdf ? await drafts.file(draft, "pdf") : null;
    if (known) return { kind: known.byteLength > mostBytes ? "tooLarge" : "ready" };
    const pdf = await pdfOfPages(drafts, draft);
    await change({ hasPdf: true }, { put: [[["pdf", draft.id], pdf]] });
    return { kind: pdf.byteLength > mostBytes ? "tooLarge" : "ready" };
  } catch (error) {
    return { kind: error instanceof StoreFull ? "full" : "notMade" };
  }
}
