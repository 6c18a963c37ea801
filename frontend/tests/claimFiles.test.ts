import { expect, test } from "vitest";
import { findSheet } from "../src/features/claims/edges";
import { examine, kindOf, UnusableFile } from "../src/features/claims/imageFile";
import { turned, UNEDITED } from "../src/features/claims/pageImage";
import { NoJpeg, pdfOf, shapeOf } from "../src/features/claims/pdfFile";
import { chooseText, wrongKindText } from "../src/features/claims/takenFiles";
import { overwriteGetLocale } from "../src/paraglide/runtime.js";

/** The frame of a JPEG: enough for whoever only reads headers. */
function jpeg(width: number, height: number, components = 3, filling = 0): Uint8Array<ArrayBuffer> {
  const [w, h] = [width, height].map((n) => [n >> 8, n & 255]) as [number[], number[]];
  const comment = [0xff, 0xfe, 0, 4, 0xff, 0xc0];
  const frame = [0xff, 0xff, 0xc2, 0, 8 + components * 3, 8, ...h, ...w, components];
  const rest = Array.from({ length: 16 }, () => filling);
  return Uint8Array.from([0xff, 0xd8, ...comment, ...frame, ...rest, 0xff, 0xd9]);
}

function ascii(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

test("F56 a page's size is read past comments and fill bytes; anything else is no JPEG", () => {
  expect(shapeOf(jpeg(1700, 2200))).toEqual({ width: 1700, height: 2200, components: 3 });
  for (const broken of [new Uint8Array(0), jpeg(0, 10), jpeg(9, 9).slice(0, 12)]) {
    expect(() => shapeOf(broken)).toThrow(NoJpeg);
  }
  expect(() => pdfOf([jpeg(10, 10, 4)])).toThrow(NoJpeg);
});

test("F56 several photos become one PDF: each as it is, every object where the table says", () => {
  const pages = [jpeg(1700, 2200, 3, 1), jpeg(2200, 1100, 1, 2), jpeg(40, 40, 3, 3)];
  const text = ascii(pdfOf(pages));
  for (const page of pages) expect(text).toContain(`stream\n${ascii(page)}\nendstream`);
  expect(text).toContain("/Count 3");
  expect(text).toContain("/MediaBox [0 0 650.55 841.89]");
  expect(text).toContain("/MediaBox [0 0 841.89 420.94]");
  expect(text.match(/\/DeviceGray/g)).toHaveLength(1);

  const [, start] = /startxref\n(\d+)\n%%EOF\n$/.exec(text) ?? [];
  const table = text.slice(Number(start));
  const offsets = [...table.matchAll(/^(\d{10}) 00000 n $/gm)].map(([, offset]) => Number(offset));
  expect(table).toMatch(/^xref\n0 12\n0000000000 65535 f \n/);
  expect(offsets).toHaveLength(11);
  offsets.forEach((offset, index) => {
    expect(text.slice(offset)).toMatch(new RegExp(`^${index + 1} 0 obj\n`));
  });
});

test("F60 the same pages give the same bytes", () => {
  expect(pdfOf([jpeg(10, 20)])).toEqual(pdfOf([jpeg(10, 20)]));
});

test.each([
  ["jpeg", "\xff\xd8\xff\xe0"],
  ["png", "\x89PNG\r\n\x1a\n"],
  ["webp", "RIFF\x00\x00\x00\x00WEBP"],
  ["heic", "\x00\x00\x00\x18ftypheic"],
  ["pdf", "%PDF-1.4"],
  ["other", "GIF89a"],
  ["other", "MZ\x90"],
] as const)("a file is known by its first bytes: %s", (kind, head) => {
  expect(kindOf(Uint8Array.from(head, (character) => character.charCodeAt(0)))).toBe(kind);
});

const png = (width: number, height: number) => {
  const head = new Uint8Array(40);
  head.set(Uint8Array.from("\x89PNG\r\n\x1a\n", (character) => character.charCodeAt(0)));
  new DataView(head.buffer).setUint32(16, width);
  new DataView(head.buffer).setUint32(20, height);
  return head;
};

test.each([
  ["empty", new Uint8Array(0)],
  ["wrongKind", Uint8Array.from([1, 2, 3])],
  ["damaged", jpeg(100, 100).slice(0, 9)],
  ["damaged", png(10, 10).slice(0, 12)],
  ["tooLarge", png(60_000, 60_000)],
  ["tooLarge", jpeg(65_000, 65_000)],
])("X1 a file that no browser should open is told apart: %s", async (reason, content) => {
  const examining = examine(new Blob([content as Uint8Array<ArrayBuffer>]));
  await expect(examining).rejects.toThrow(UnusableFile);
  await expect(examining).rejects.toMatchObject({ reason });
});

test("a usable photo passes with its kind, whatever its name says", async () => {
  expect(await examine(new File([jpeg(4000, 3000)], "rechnung.png"))).toBe("jpeg");
  expect(await examine(new Blob([png(4000, 3000)]))).toBe("png");
});

function table(width: number, height: number, sheet: [number, number, number, number]) {
  const [left, top, right, bottom] = sheet;
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const isPaper = x >= left && x < right && y >= top && y < bottom;
      // Every seventh row of the sheet is text.
      const shade = isPaper ? (y % 7 === 0 && x % 3 === 0 ? 30 : 235) : 70 + ((x * y) % 20);
      data.set([shade, shade, shade, 255], (y * width + x) * 4);
    }
  }
  return { width, height, data };
}

test("F56 the sheet on a darker table is found, text on it or not", () => {
  expect(findSheet(table(200, 240, [20, 24, 180, 216]))).toEqual({
    left: 0.1,
    top: 0.1,
    right: expect.closeTo(0.1),
    bottom: expect.closeTo(0.1),
  });
});

test("F56 a photo that is all sheet, or shows none, gets no hint", () => {
  expect(findSheet(table(200, 240, [0, 0, 200, 240]))).toBe(null);
  expect(findSheet(table(200, 240, [90, 100, 110, 120]))).toBe(null);
});

test("F56 turning keeps what is cut off; four turns change nothing", () => {
  const edits = { ...UNEDITED, crop: { top: 0.1, right: 0.2, bottom: 0.3, left: 0.4 } };
  expect(turned(edits)).toEqual({
    turns: 1,
    crop: { top: 0.4, right: 0.1, bottom: 0.2, left: 0.3 },
    hasContrast: false,
  });
  expect(turned(turned(turned(turned(edits))))).toEqual(edits);
});

test.each([
  [false, false, "Fotos auswählen", "Fotos (JPEG, PNG, WebP, HEIC)."],
  [true, false, "Fotos oder PDF auswählen", "Fotos (JPEG, PNG, WebP, HEIC) oder PDF-Dateien."],
  [
    false,
    true,
    "Fotos oder E-Rechnung auswählen",
    "Fotos (JPEG, PNG, WebP, HEIC) oder E-Rechnungen (XML).",
  ],
  [
    true,
    true,
    "Fotos, PDF oder E-Rechnung auswählen",
    "Fotos (JPEG, PNG, WebP, HEIC), PDF-Dateien oder E-Rechnungen (XML).",
  ],
])(
  "F56 F57 X9 button and refusal name what is taken: PDF %s, e-invoices %s",
  (acceptsPdf, acceptsInvoices, button, taken) => {
    expect(chooseText({ acceptsPdf, acceptsInvoices })).toBe(button);
    expect(wrongKindText({ acceptsPdf, acceptsInvoices })).toBe(
      `Diese Art von Datei nehmen wir zu diesem Vertrag nicht an. Auswählen können Sie ${taken}`,
    );
  },
);

test("X9 the same in English", () => {
  overwriteGetLocale(() => "en");
  const taken = { acceptsPdf: true, acceptsInvoices: true };
  expect(chooseText(taken)).toBe("Choose photos, a PDF or an e-invoice");
  expect(wrongKindText(taken)).toContain(
    "You can choose photos (JPEG, PNG, WebP, HEIC), PDF files or e-invoices (XML).",
  );
  overwriteGetLocale(() => "de");
});
