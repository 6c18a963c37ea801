/** Invoices that wait on this device until they are handed in together (X10): what they add up to, and what goes together. */
import type { ClaimDraft, DraftContract, DraftPage, ParkedFacts } from "./claimDraft";
import type { ClaimKind } from "./claimFacts";

export interface ParkedInvoice extends ClaimDraft {
  readonly kind: ClaimKind;
  readonly contract: DraftContract;
  readonly parked: ParkedFacts;
}

/** What can be handed in together: the invoices of one kind on one contract. */
export interface ParkedKind {
  readonly kind: ClaimKind;
  readonly invoices: readonly ParkedInvoice[];
}

export interface ParkedContract {
  readonly contract: DraftContract;
  readonly kinds: readonly ParkedKind[];
  readonly total: ParkedTotal;
}

export interface ParkedTotal {
  readonly count: number;
  /** Decimal text in euro. */
  readonly amount: string;
  /** How many do not count in the amount, because nobody said theirs. */
  readonly withoutAmount: number;
}

/** One whose pages were all removed is a draft again. */
export function isParked(draft: ClaimDraft): draft is ParkedInvoice {
  const hasContent = draft.pages.length > 0 || draft.hasPdf;
  return Boolean(draft.parked && draft.kind && draft.contract && hasContent);
}

/** Those that no claim holds yet, the oldest first: by the day of the invoice, else the day of parking. */
export function parkedIn(drafts: readonly ClaimDraft[]): ParkedInvoice[] {
  const held = new Set(drafts.flatMap(({ invoices = [] }) => invoices));
  return drafts
    .filter(isParked)
    .filter(({ id }) => !held.has(id))
    .sort((one, other) => dayOf(one).localeCompare(dayOf(other)));
}

/** The claim that a parked invoice is part of, once it is on its way. */
export function holderOf(drafts: readonly ClaimDraft[], id: string): ClaimDraft | null {
  return drafts.find(({ invoices = [] }) => invoices.includes(id)) ?? null;
}

export function totalOf(invoices: readonly ParkedInvoice[]): ParkedTotal {
  const amounts = invoices.flatMap(({ parked: { amount } }) => (amount ? [centsOf(amount)] : []));
  return {
    count: invoices.length,
    amount: euro(amounts.reduce((sum, one) => sum + one, 0)),
    withoutAmount: invoices.length - amounts.length,
  };
}

/** By contract and kind, each in the order of its oldest invoice. */
export function byContract(invoices: readonly ParkedInvoice[]): ParkedContract[] {
  const contracts = new Map(invoices.map(({ contract }) => [contract.id, contract]));
  return [...contracts.values()].map((contract) => {
    const ofContract = invoices.filter((one) => one.contract.id === contract.id);
    const kinds = [...new Set(ofContract.map(({ kind }) => kind))].map((kind) => ({
      kind,
      invoices: ofContract.filter((one) => one.kind === kind),
    }));
    return { contract, kinds, total: totalOf(ofContract) };
  });
}

/** What is still missing to the customer's own limit; null once it is reached. */
export function missingTo({ amount }: ParkedTotal, threshold: string): string | null {
  const missing = centsOf(threshold) - centsOf(amount);
  return missing > 0 ? euro(missing) : null;
}

/** One claim to be: photos of all invoices on end, or one file that is sent as it came. */
export interface Parcel {
  readonly invoices: readonly ParkedInvoice[];
  readonly pages: readonly DraftPage[];
}

/** Photos become one claim; a PDF or an e-invoice is read by programs and stays one of its own. */
export function parcelsOf(invoices: readonly ParkedInvoice[]): Parcel[] {
  const photographed = invoices.filter(({ pages }) => pages.length > 0);
  const files = invoices.filter(({ pages }) => pages.length === 0);
  const pages = photographed.flatMap(({ id, pages }) =>
    pages.map((page): DraftPage => ({ ...page, from: id })),
  );
  return [
    ...(photographed.length > 0 ? [{ invoices: photographed, pages }] : []),
    ...files.map((invoice) => ({ invoices: [invoice], pages: [] })),
  ];
}

/** The customer's own titles on end, for the claim that they become. */
export function titleOf({ invoices }: Parcel): string {
  const titles = invoices.map(({ title }) => title).filter(Boolean);
  return titles.join(", ").slice(0, LONGEST_TITLE);
}

const LONGEST_TITLE = 80;

function dayOf({ parked }: ParkedInvoice): string {
  return `${parked.issuedOn ?? parked.parkedAt.slice(0, 10)} ${parked.parkedAt}`;
}

function centsOf(amount: string): number {
  const [whole = "0", cents = ""] = amount.split(".");
  return Number(whole) * 100 + Number(cents.padEnd(2, "0"));
}

function euro(cents: number): string {
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;
}
