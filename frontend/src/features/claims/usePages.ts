/** What can be done with a draft's pages; files are taken one at a time, and what fails says why. */
import { useRef, useState } from "preact/hooks";
import { type ChosenFile, type ClaimDraft, type DraftPage, UNSEALED } from "../../lib/claimDraft";
import { pageName, photoName } from "../../lib/claimDrafts";
import type { ClaimPlace } from "../../lib/claimFacts";
import { StoreFull } from "../../lib/secretStore";
import { chosenFile } from "./chosenFile";
import type { RefusedFile } from "./FileProblems";
import { UnusableFile } from "./imageFile";
import type { OpenDraft } from "./openDraft";
import { isEdited, type PageEdits, pageOf, photoOf, UNEDITED } from "./pageImage";
import type { TakenFiles } from "./takenFiles";

type Taken = File | HTMLVideoElement;

export interface Pages {
  readonly problems: readonly RefusedFile[];
  readonly forgetProblems: () => void;
  readonly isBusy: boolean;
  readonly add: (taken: readonly Taken[]) => Promise<void>;
  /** True if it was kept. */
  readonly edit: (page: string, edits: PageEdits) => Promise<boolean>;
  readonly move: (page: string, by: -1 | 1) => Promise<void>;
  readonly remove: (page: string) => Promise<void>;
  readonly dropPdf: () => Promise<void>;
}

export interface PageLimits extends TakenFiles {
  readonly largestBytes: number;
  readonly mostPages: number;
}

/** As long as the institution has not said otherwise. */
const MOST_PAGES = 30;

export function limitsOf(place: ClaimPlace | null): PageLimits {
  return {
    acceptsPdf: place?.formats.includes("PDF") ?? false,
    acceptsInvoices: place?.formats.includes("E_INVOICE") ?? false,
    largestBytes: place?.largestBytes ?? Number.POSITIVE_INFINITY,
    mostPages: place?.mostPages ?? MOST_PAGES,
  };
}

export function usePages(open: OpenDraft, { mostPages, ...accepted }: PageLimits): Pages {
  const { drafts, change } = open;
  const [problems, setProblems] = useState<readonly RefusedFile[]>([]);
  const [isBusy, setBusy] = useState(false);
  // Of two changes in a row the second builds on what the first left.
  const newest = useRef(open.draft);
  newest.current = open.draft;

  const keep = async (...values: Parameters<OpenDraft["change"]>): Promise<void> => {
    const [changes, { put = [], remove = [] } = {}] = values;
    // Other pages make another PDF.
    const { id } = newest.current;
    const outdated = [["pdf", id] as const, ["sealed", id] as const];
    newest.current = await change(
      { hasPdf: false, chosen: null, ...UNSEALED, ...changes },
      { put, remove: [...remove, ...outdated] },
    );
  };
  /** Tries something that may fail; true if it did not. */
  const attempt = async (name: string, doing: () => Promise<void>): Promise<boolean> => {
    try {
      await doing();
      return true;
    } catch (error) {
      setProblems((before) => [...before, { name, reason: reasonOf(error) }]);
      return false;
    }
  };
  const busy = async <Result>(doing: () => Promise<Result>): Promise<Result> => {
    setProblems([]);
    setBusy(true);
    return doing().finally(() => setBusy(false));
  };

  const addPage = async (taken: Taken) => {
    if (holdsFile(newest.current)) throw new NotKept("besideFile");
    if (newest.current.pages.length >= mostPages) throw new NotKept("tooMany");
    const photo = await photoOf(taken);
    const page: DraftPage = { id: crypto.randomUUID(), ...UNEDITED };
    const content = await photo.jpeg.arrayBuffer();
    await keep(
      { pages: [...newest.current.pages, page] },
      { put: [[photoName(newest.current, page.id), content]] },
    );
  };
  /** Takes a file as it is; a title that is missing becomes the one who wrote the invoice (X9). */
  const addChosen = async (content: ArrayBuffer, chosen: ChosenFile) => {
    const { id, pages, title } = newest.current;
    if (pages.length > 0) throw new NotKept("besidePages");
    if (holdsFile(newest.current)) throw new NotKept("besideFile");
    newest.current = await change(
      { hasPdf: true, chosen, title: title || (chosen.invoice?.issuer ?? "") },
      { put: [[["pdf", id], content]] },
    );
  };
  const add = async (taken: Taken) => {
    const file = taken instanceof File ? await chosenFile(taken, accepted) : null;
    await (file ? addChosen(file.content, file.chosen) : addPage(taken));
  };
  return {
    problems,
    forgetProblems: () => setProblems([]),
    isBusy,
    add: (taken) =>
      busy(async () => {
        for (const one of taken) {
          const name = one instanceof File ? one.name : "";
          await attempt(name, () => add(one));
        }
      }),
    edit: (page, edits) =>
      busy(() =>
        attempt("", async () => {
          const name = pageName(newest.current, page);
          const photo = await drafts.photo(newest.current, page);
          const files = isEdited(edits)
            ? { put: [[name, await (await pageOf(photo, edits)).jpeg.arrayBuffer()] as const] }
            : { remove: [name] };
          await keep({ pages: withEdits(newest.current, page, edits) }, files);
        }),
      ),
    move: async (page, by) => {
      await busy(() => attempt("", () => keep({ pages: moved(newest.current.pages, page, by) })));
    },
    remove: async (page) => {
      const pages = newest.current.pages.filter(({ id }) => id !== page);
      const files = [photoName(newest.current, page), pageName(newest.current, page)];
      await busy(() => attempt("", () => keep({ pages }, { remove: files })));
    },
    dropPdf: async () => {
      await busy(() => attempt("", () => keep({})));
    },
  };
}

class NotKept extends Error {
  constructor(readonly reason: RefusedFile["reason"]) {
    super(`Not kept: ${reason}`);
  }
}

/** A file is sent as it is: nothing can be added to it. */
function holdsFile({ hasPdf, pages }: ClaimDraft): boolean {
  return hasPdf && pages.length === 0;
}

function reasonOf(error: unknown): RefusedFile["reason"] {
  if (error instanceof UnusableFile || error instanceof NotKept) return error.reason;
  return error instanceof StoreFull ? "full" : "notKept";
}

function withEdits(draft: ClaimDraft, page: string, edits: PageEdits): DraftPage[] {
  return draft.pages.map((one) => (one.id === page ? { id: page, ...edits } : one));
}

function moved(pages: readonly DraftPage[], page: string, by: -1 | 1): DraftPage[] {
  const from = pages.findIndex(({ id }) => id === page);
  const rest = pages.filter(({ id }) => id !== page);
  const one = pages[from];
  return one ? rest.toSpliced(from + by, 0, one) : rest;
}
