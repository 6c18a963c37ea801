import { afterEach, expect, test } from "vitest";
import {
  formatDate,
  formatDateTime,
  formatIban,
  formatMoney,
  formatPercent,
  formatRoundMoney,
  formatShortDate,
} from "../src/lib/format";
import { overwriteGetLocale } from "../src/paraglide/runtime.js";

const english = () => overwriteGetLocale(() => "en");
afterEach(() => overwriteGetLocale(() => "de"));
overwriteGetLocale(() => "de");

test("an amount is written the German way with a no-break space", () => {
  expect(formatMoney("1234.56", "EUR")).toBe("1.234,56\u00a0€");
});

test("an amount is written the English way", () => {
  english();
  expect(formatMoney("1234.56", "EUR")).toBe("€1,234.56");
});

test("a debit has a real minus sign", () => {
  expect(formatMoney("-1200.00", "EUR")).toBe("−1.200,00\u00a0€");
});

test("a signed credit shows its plus, a signed zero shows none", () => {
  expect(formatMoney("18.42", "EUR", true)).toBe("+18,42\u00a0€");
  expect(formatMoney("0.00", "EUR", true)).toBe("0,00\u00a0€");
});

test("an amount beyond the precision of a double keeps every digit", () => {
  expect(formatMoney("9007199254740993.01", "EUR")).toBe("9.007.199.254.740.993,01\u00a0€");
});

test("a civil date is written out in both languages", () => {
  expect(formatDate("2026-11-21")).toBe("21. November 2026");
  expect(formatShortDate("2026-11-21")).toBe("21.11.2026");
  english();
  expect(formatDate("2026-11-21")).toBe("21 November 2026");
});

test("an instant shortly before midnight UTC is the next day in Berlin", () => {
  expect(formatDateTime("2026-11-21T23:30:00Z")).toBe("22. November 2026 um 00:30");
});

test("a rate keeps two decimals", () => {
  expect(formatPercent("2.25")).toBe("2,25\u00a0%");
  expect(formatPercent("3")).toBe("3,00\u00a0%");
});

test("an axis shows round amounts", () => {
  expect(formatRoundMoney(12000, "EUR")).toBe("12.000\u00a0€");
});

test("an IBAN is grouped in fours, masked or not", () => {
  expect(formatIban("DE43999999990001000001")).toBe(
    "DE43\u00a09999\u00a09999\u00a00001\u00a00000\u00a001",
  );
  expect(formatIban("DE43 ••••0001")).toBe("DE43\u00a0••••\u00a00001");
});
