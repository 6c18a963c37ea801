import { expect, test } from "vitest";
import { readInvoice } from "../src/lib/eInvoice";
import { elementsOf } from "../src/lib/xmlElements";

const bytes = (text: string) => new TextEncoder().encode(text);

function cii(seller: string, amount: string, date = "20261102"): string {
  return `\ufeff<?xml version="1.0"?><!-- < not an element -->
<a:CrossIndustryInvoice xmlns:a="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100">
<r:IssueDateTime><u:DateTimeString format='102'>${date}</u:DateTimeString></r:IssueDateTime>
<r:BuyerTradeParty><r:Name>Pia</r:Name></r:BuyerTradeParty>
<r:SellerTradeParty><r:ID/><r:Name>${seller}</r:Name></r:SellerTradeParty>
<r:InvoiceCurrencyCode>EUR</r:InvoiceCurrencyCode>
<r:GrandTotalAmount>${amount}</r:GrandTotalAmount></a:CrossIndustryInvoice>`;
}

const UBL = `<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" xmlns:c="x">
<c:IssueDate>2026-11-02</c:IssueDate><c:AccountingSupplierParty><c:PartyLegalEntity>
<c:RegistrationName><![CDATA[Praxis <B>]]></c:RegistrationName></c:PartyLegalEntity>
</c:AccountingSupplierParty><c:TaxInclusiveAmount currencyID="CHF">38.90</c:TaxInclusiveAmount></Invoice>`;

test("X9 an e-invoice says who it is from, when and how much", () => {
  expect(readInvoice(bytes(cii("M&#252;ller &amp; S&#xF6;hne", "123.45")))).toEqual({
    issuer: "Müller & Söhne",
    issuedOn: "2026-11-02",
    amount: { amount: "123.45", currency: "EUR" },
  });
  expect(readInvoice(bytes(UBL))).toEqual({
    issuer: "Praxis <B>",
    issuedOn: "2026-11-02",
    amount: { amount: "38.90", currency: "CHF" },
  });
});

test("X9 what makes no sense is left out", () => {
  expect(readInvoice(bytes(cii("", "1e9", "20261399")))).toEqual({
    issuer: null,
    issuedOn: null,
    amount: null,
  });
});

test.each([
  ["nothing", ""],
  ["another vocabulary", "<svg xmlns='http://www.w3.org/2000/svg'/>"],
  ["a DTD", UBL.replace("<Invoice", '<!DOCTYPE a [<!ENTITY x "x">]><Invoice')],
  ["a cut file", UBL.slice(0, -3)],
  ["an end without a beginning", UBL.replace("</c:IssueDate>", "</c:Other>")],
  ["too much", cii("a".repeat(2_000_001), "1.00")],
])("X9 %s is no e-invoice", (_, text) => {
  expect(readInvoice(bytes(text))).toBeNull();
});

test.each(["<a ", "<a b='", "<!--", "<![CDATA[", "&#", "<a>", "<a><b/>", "<a/>"])(
  "X9 a file of nothing but %s ends where the worker's reader would end, too",
  (part) => {
    expect(elementsOf(`<r>${part.repeat(100_000)}`)).toBeNull();
  },
);
