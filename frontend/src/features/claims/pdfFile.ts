/** One PDF from JPEG pages, each embedded as it is: no pixel is touched (F56). */

export class NoJpeg extends Error {}

interface JpegShape {
  readonly width: number;
  readonly height: number;
  readonly components: number;
}

const LONG_SIDE_POINTS = 841.89; // A4
const COLOUR_SPACES: Readonly<Record<number, string>> = { 1: "/DeviceGray", 3: "/DeviceRGB" };

/**
 * The same pages always give the same bytes: no date, no random id.
 *
 * Objects: 1 catalogue, 2 page tree, then picture, drawing and page of each page.
 */
export function pdfOf(pages: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const file = new Bytes();
  file.text("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n");
  const kids = pages.map((_, index) => `${pageNumber(index)} 0 R`).join(" ");
  file.object(1, "<< /Type /Catalog /Pages 2 0 R >>");
  file.object(2, `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`);
  for (const [index, jpeg] of pages.entries()) addPage(file, pageNumber(index), jpeg);
  return file.end();
}

function pageNumber(index: number): number {
  return 5 + index * 3;
}

function addPage(file: Bytes, number: number, jpeg: Uint8Array<ArrayBuffer>): void {
  const { width, height, components } = shapeOf(jpeg);
  const colours = COLOUR_SPACES[components];
  if (!colours) throw new NoJpeg();
  const scale = LONG_SIDE_POINTS / Math.max(width, height);
  const [across, up] = [points(width * scale), points(height * scale)];
  const picture = [
    "/Type /XObject /Subtype /Image",
    `/Width ${width} /Height ${height}`,
    `/ColorSpace ${colours} /BitsPerComponent 8 /Filter /DCTDecode`,
  ].join(" ");
  const drawing = new TextEncoder().encode(`q ${across} 0 0 ${up} 0 0 cm /P Do Q`);
  file.stream(number - 2, picture, jpeg);
  file.stream(number - 1, "", drawing);
  file.object(
    number,
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${across} ${up}] ` +
      `/Resources << /XObject << /P ${number - 2} 0 R >> >> /Contents ${number - 1} 0 R >>`,
  );
}

function points(value: number): string {
  return value.toFixed(2);
}

/** Size and colours as the frame header tells them; throws `NoJpeg` for anything else. */
export function shapeOf(jpeg: Uint8Array<ArrayBuffer>): JpegShape {
  const view = new DataView(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength);
  if (jpeg.length < 4 || view.getUint16(0) !== 0xffd8) throw new NoJpeg();
  let at = 2;
  while (at + 9 < jpeg.length) {
    if (view.getUint8(at) !== 0xff) throw new NoJpeg();
    const marker = view.getUint8(at + 1);
    // A marker may be filled up with 0xff before it.
    if (marker === 0xff) at += 1;
    else if (isFrame(marker)) {
      const [height, width] = [view.getUint16(at + 5), view.getUint16(at + 7)];
      const components = view.getUint8(at + 9);
      if (!width || !height) throw new NoJpeg();
      return { width, height, components };
    } else at += 2 + view.getUint16(at + 2);
  }
  throw new NoJpeg();
}

/** SOF0 to SOF15, but not the tables that stand between them. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

/** A PDF on its way: what was written, and where each object begins. */
class Bytes {
  private readonly parts: Uint8Array<ArrayBuffer>[] = [];
  private readonly starts: number[] = [];
  private length = 0;

  text(text: string): void {
    this.bytes(Uint8Array.from(text, (character) => character.charCodeAt(0)));
  }

  object(number: number, content: string): void {
    this.starts[number] = this.length;
    this.text(`${number} 0 obj\n${content}\nendobj\n`);
  }

  stream(number: number, dictionary: string, content: Uint8Array<ArrayBuffer>): void {
    this.starts[number] = this.length;
    this.text(`${number} 0 obj\n<< ${dictionary} /Length ${content.length} >>\nstream\n`);
    this.bytes(content);
    this.text("\nendstream\nendobj\n");
  }

  /** The table of where objects stand, and the whole file. */
  end(): Uint8Array<ArrayBuffer> {
    const start = this.length;
    const size = this.starts.length;
    const entries = this.starts
      .slice(1)
      .map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`)
      .join("");
    this.text(`xref\n0 ${size}\n0000000000 65535 f \n${entries}`);
    this.text(`trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`);
    const whole = new Uint8Array(this.length);
    let at = 0;
    for (const part of this.parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  private bytes(content: Uint8Array<ArrayBuffer>): void {
    this.parts.push(content);
    this.length += content.length;
  }
}
