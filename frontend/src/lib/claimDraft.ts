/** A claim that is not sent yet, or an invoice that is kept for later: what the device holds of it (F47, F60, X10). */
import type { ClaimKind } from "./claimFacts";
import type { SealBinding } from "./claimSeal";

/** Edits as the capturing feature knows them; here they are only kept. */
export interface DraftPage {
  readonly id: string;
  readonly turns: number;
  readonly crop: {
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
    readonly left: number;
  };
  readonly hasContrast: boolean;
  /** The parked invoice whose photo it is, if it is not the draft's own. */
  readonly from?: string;
}

export interface DraftContract {
  readonly id: string;
  readonly number: string;
  readonly productName: string;
}

/** Told apart in words: F58 F59. */
export type SendingProblem =
  | { readonly kind: "network" | "signedOut" | "keyExpired" | "failed" }
  | { readonly kind: "refused"; readonly message: string };

/** What an e-invoice says of itself (X9). */
export interface Invoice {
  readonly issuer: string | null;
  /** "2026-11-02". */
  readonly issuedOn: string | null;
  readonly amount: { readonly amount: string; readonly currency: string } | null;
}

/** A file that is sent as it came. */
export interface ChosenFile {
  readonly format: "PDF" | "E_INVOICE";
  /** Never sent beside it. */
  readonly invoice: Invoice | null;
}

/** Where the parts of a sealed file go. */
export interface ClaimUpload {
  readonly document: string;
  readonly url: string;
  readonly partSize: number;
}

/** What the customer alone knows of an invoice that is kept for later; never sent (X10). */
export interface ParkedFacts {
  readonly parkedAt: string;
  /** Decimal text in euro. */
  readonly amount: string | null;
  /** "2026-11-02". */
  readonly issuedOn: string | null;
}

export interface ClaimDraft {
  readonly id: string;
  readonly startedAt: string;
  readonly kind: ClaimKind | null;
  readonly contract: DraftContract | null;
  /** For the customer alone, never sent. */
  readonly title: string;
  readonly pages: readonly DraftPage[];
  /** "Ihr gespeichertes PDF" is there, made of these pages or chosen as it is. */
  readonly hasPdf: boolean;
  readonly chosen?: ChosenFile | null;
  /** It is being put together to be kept for later. */
  readonly isToPark?: boolean;
  /** It is kept for later: only with others, as part of another draft, is it sent. */
  readonly parked?: ParkedFacts | null;
  /** The parked invoices that this claim is made of; they go once the server has it. */
  readonly invoices?: readonly string[];
  /** What the sealed bytes are bound to: the same bytes under the same key on every try (F60). */
  readonly sending: SealBinding | null;
  readonly upload: ClaimUpload | null;
  /** Why the last try failed. */
  readonly problem: SendingProblem | null;
}

/** A draft whose sealed bytes, if any, count no more. */
export const UNSEALED = { sending: null, upload: null, problem: null } as const;

const GOES_ON: ReadonlySet<SendingProblem["kind"]> = new Set(["network", "signedOut"]);

/** Once sealed it may be at the server, unless that refused: then nothing may be changed any more. */
export function isSealed({ sending, problem }: ClaimDraft): boolean {
  return sending !== null && problem?.kind !== "refused";
}

/** Does it go on by itself, once there is a network and a session? */
export function isWaiting({ sending, problem }: ClaimDraft): boolean {
  return sending !== null && (problem === null || GOES_ON.has(problem.kind));
}

export function newDraft(values: Partial<ClaimDraft>): ClaimDraft {
  return {
    kind: null,
    contract: null,
    title: "",
    pages: [],
    hasPdf: false,
    ...UNSEALED,
    ...values,
    id: crypto.randomUUID(),
    startedAt: new Date().toISOString(),
  };
}
