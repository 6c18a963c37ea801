/** What an e-invoice says of itself, read on the device: who it is from, when, how much (X9). */
import type { Invoice } from "./claimDraft";
import { elementsOf, type XmlElement } from "./xmlElements";

/** Where each format says it: names of elements without their prefix, one somewhere within the other. */
interface Places {
  /** The first that is there. */
  readonly issuer: readonly string[];
  readonly issuedOn: string;
  readonly amount: string;
  /** Where the amount does not name its currency itself. */
  readonly currency: string;
}

const CII: Places = {
  issuer: ["SellerTradeParty Name"],
  issuedOn: "IssueDateTime DateTimeString",
  amount: "GrandTotalAmount",
  currency: "InvoiceCurrencyCode",
};
const UBL: Places = {
  issuer: [
    "AccountingSupplierParty PartyName Name",
    "AccountingSupplierParty PartyLegalEntity RegistrationName",
  ],
  issuedOn: "IssueDate",
  amount: "TaxInclusiveAmount",
  currency: "DocumentCurrencyCode",
};
const ROOTS: ReadonlyMap<string | undefined, Places> = new Map([
  ["urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100", CII],
  ["urn:ferd:CrossIndustryDocument:invoice:1p0", CII],
  ["urn:oasis:names:specification:ubl:schema:xsd:Invoice-2", UBL],
]);
const NAMES: ReadonlySet<string> = new Set([
  "factur-x.xml",
  "zugferd-invoice.xml",
  "xrechnung.xml",
]);
/** As the worker has it. */
export const LARGEST_INVOICE = 2_000_000;
const LONGEST_NAME = 80;

/** null: no e-invoice. Whatever is not there or makes no sense is left out. */
export function readInvoice(content: Uint8Array): Invoice | null {
  if (content.length > LARGEST_INVOICE) return null;
  const elements = elementsOf(new TextDecoder().decode(content));
  const places = elements && ROOTS.get(namespaceOf(elements));
  if (!places) return null;
  const text = (place: string) => elementAt(elements, place)?.text.trim() || null;
  return {
    issuer: places.issuer.map(text).find(Boolean)?.slice(0, LONGEST_NAME) ?? null,
    issuedOn: dayOf(text(places.issuedOn)),
    amount: amountOf(elements, places),
  };
}

/** A PDF carries files beside its invoice, or others; decision 34 has why nobody takes it. */
class OtherFiles extends Error {
  override readonly name = "OtherFiles";
}

/**
 * The invoice that a PDF carries, if it is one for people and programs alike (ZUGFeRD, Factur-X).
 *
 * Throws `OtherFiles`, and what PDF.js throws.
 */
export async function invoiceWithin(pdf: ArrayBuffer): Promise<Invoice | null> {
  const { loadPdf } = await import("./pdfLibrary");
  // PDF.js takes what it is given.
  const document = await loadPdf(pdf.slice(0));
  const attached: Readonly<Record<string, Attachment>> | null = await document.getAttachments();
  await document.destroy();
  const [file, ...others] = Object.values(attached ?? {});
  if (!file) return null;
  if (others.length > 0 || !NAMES.has(file.filename.toLowerCase())) throw new OtherFiles();
  return readInvoice(file.content);
}

interface Attachment {
  readonly filename: string;
  readonly content: Uint8Array;
}

/** The namespace of the root, which ends last; other elements are known by their names alone. */
function namespaceOf(elements: readonly XmlElement[]): string | undefined {
  const names = elements.at(-1)?.attributes ?? new Map<string, string>();
  return [...names].find(([name, value]) => name.startsWith("xmlns") && ROOTS.has(value))?.[1];
}

function elementAt(elements: readonly XmlElement[], place: string): XmlElement | undefined {
  const [last, ...within] = place.split(" ").reverse();
  return elements.find(
    ({ path }) => path.at(-1) === last && within.every((name) => path.includes(name)),
  );
}

function dayOf(text: string | null): string | null {
  const [, year, month, day] = /^(\d{4})-?(\d{2})-?(\d{2})/.exec(text ?? "") ?? [];
  const written = `${year}-${month}-${day}`;
  return day && !Number.isNaN(Date.parse(written)) ? written : null;
}

function amountOf(elements: readonly XmlElement[], places: Places): Invoice["amount"] {
  const element = elementAt(elements, places.amount);
  const amount = element?.text.trim() ?? "";
  const currency =
    element?.attributes.get("currencyID") ??
    elementAt(elements, places.currency)?.text.trim() ??
    "";
  if (!/^\d{1,9}(?:\.\d{1,4})?$/.test(amount) || !/^[A-Z]{3}$/.test(currency)) return null;
  return { amount, currency };
}
