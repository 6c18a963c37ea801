import { expect, test } from "vitest";
import { termsBlocks } from "../src/features/registration/termsText";
import { isActivationCode } from "../src/lib/activationCode";
import { typedDate } from "../src/lib/typedDate";

test.each(["28.2.1970", "28.02.1970", " 28/02/1970 ", "28 2 1970", "28-2-1970", "28021970"])(
  "%s is typed with the day first",
  (text) => expect(typedDate(text)).toBe("1970-02-28"),
);

test("a browser fills in the date as it keeps it", () => {
  expect(typedDate("1970-02-28")).toBe("1970-02-28");
});

test.each(["", "28.2.70", "31.2.1970", "29.2.1970", "0.1.1970", "2.28.1970", "heute", "1970-2-28"])(
  "%s is no date",
  (text) => expect(typedDate(text)).toBeNull(),
);

test("29 February is a day in leap years", () => {
  expect(typedDate("29.2.1972")).toBe("1972-02-29");
});

test.each([
  "7K3M-Q2XV-90DA-TT4E",
  "7k3m q2xv 90da tt4e",
  "7K3MQ2XV90DATT4E",
  "7K3M–Q2XV–90DA–TT4E",
])("%s can be an activation code", (text) => expect(isActivationCode(text)).toBe(true));

test.each(["", "7K3M-Q2XV-90DA", "7K3M-Q2XV-90DA-TT4E5", "7K3M-Q2XV-90DA-TT4Ü"])(
  "%s is no activation code",
  (text) => expect(isActivationCode(text)).toBe(false),
);

test("terms are parted into headings and paragraphs; their title stands on the page already", () => {
  const text = "# Titel\n\n## 1. Worum\n\nErster Satz.\nZweite Zeile.\n\n\nNoch einer.\n";
  expect(termsBlocks(text)).toEqual([
    { kind: "heading", text: "1. Worum" },
    { kind: "paragraph", lines: ["Erster Satz.", "Zweite Zeile."] },
    { kind: "paragraph", lines: ["Noch einer."] },
  ]);
});
