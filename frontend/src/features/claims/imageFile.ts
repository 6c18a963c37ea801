/** What a chosen file really is, and how large its picture: read from its first bytes, not its name. */
import { shapeOf } from "./pdfFile";

export type FileKind = "jpeg" | "png" | "webp" | "heic" | "pdf" | "xml" | "other";

export type FileProblem =
  | "empty"
  | "tooLarge"
  | "wrongKind"
  | "heic"
  | "damaged"
  | "noPdf"
  | "damagedPdf"
  | "lockedPdf"
  | "otherFiles"
  | "fileTooLarge"
  | "noInvoice"
  | "unknownXml";

/** A file that can't become a page; `reason` says why. */
export class UnusableFile extends Error {
  constructor(readonly reason: FileProblem) {
    super(`Unusable file: ${reason}`);
  }
}

/** Larger than any phone's photo, small enough for a phone to open. */
const MOST_BYTES = 60_000_000;
const MOST_PIXELS = 120_000_000;
/** Up to the size of the picture; a camera writes its own facts and a small picture before it. */
const HEAD_BYTES = 1_000_000;
const HEIC_BRANDS = new Set(["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"]);

/** Throws `UnusableFile` for what no browser should even try to open. */
export async function examine(file: Blob): Promise<FileKind> {
  if (file.size === 0) throw new UnusableFile("empty");
  if (file.size > MOST_BYTES) throw new UnusableFile("tooLarge");
  const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  const kind = kindOf(head);
  if (kind === "other") throw new UnusableFile("wrongKind");
  // A few bytes may unfold to gigabytes.
  if (pixelsOf(kind, head) > MOST_PIXELS) throw new UnusableFile("tooLarge");
  return kind;
}

export function kindOf(head: Uint8Array): FileKind {
  const text = String.fromCharCode(...head.subarray(0, 16));
  if (text.startsWith("\xff\xd8\xff")) return "jpeg";
  if (text.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (text.startsWith("RIFF") && text.slice(8, 12) === "WEBP") return "webp";
  if (text.slice(4, 8) === "ftyp" && HEIC_BRANDS.has(text.slice(8, 12))) return "heic";
  if (text.startsWith("%PDF-")) return "pdf";
  if (/^(?:\xef\xbb\xbf)?<\?xml/.test(text)) return "xml";
  return "other";
}

function pixelsOf(kind: FileKind, head: Uint8Array<ArrayBuffer>): number {
  try {
    if (kind === "jpeg") {
      const { width, height } = shapeOf(head);
      return width * height;
    }
    const view = new DataView(head.buffer);
    return kind === "png" ? view.getUint32(16) * view.getUint32(20) : 0;
  } catch {
    throw new UnusableFile("damaged");
  }
}
