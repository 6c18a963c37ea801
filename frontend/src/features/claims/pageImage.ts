/** Photos as pages: read, made small, turned, cropped; drawn anew, so that nothing but pixels is left (F56). */
import { type Crop, findSheet, WHOLE } from "./edges";
import { examine, UnusableFile } from "./imageFile";

export interface PageEdits {
  /** Quarter turns, clockwise. */
  readonly turns: number;
  /** Of the turned photo, as it is seen. */
  readonly crop: Crop;
  readonly hasContrast: boolean;
}

export interface Photo {
  readonly jpeg: Blob;
  readonly width: number;
  readonly height: number;
}

export const UNEDITED: PageEdits = { turns: 0, crop: WHOLE, hasContrast: false };

/** A4 at 190 dots an inch: small print stays legible, three pages stay below 3 MB. */
const LONG_SIDE = 2200;
const QUALITY = 0.85;
const HINT_SIDE = 240;
const DARKEST_PART = 0.02;
const BRIGHTEST_PART = 0.3;

type Source = Blob | HTMLVideoElement;

/** A photo of legible size, without what the camera wrote beside it; throws `UnusableFile`. */
export async function photoOf(source: Source): Promise<Photo> {
  const kind = source instanceof Blob ? await examine(source) : "other";
  if (kind === "pdf") throw new UnusableFile("noPdf");
  if (kind === "xml") throw new UnusableFile("noInvoice");
  const bitmap = await createImageBitmap(source, { imageOrientation: "from-image" }).catch(() => {
    throw new UnusableFile(kind === "heic" ? "heic" : "damaged");
  });
  try {
    const scale = Math.min(1, LONG_SIDE / Math.max(bitmap.width, bitmap.height));
    const width = Math.max(1, Math.round(bitmap.width * scale));
    const height = Math.max(1, Math.round(bitmap.height * scale));
    const { canvas, context } = newCanvas(width, height);
    context.drawImage(bitmap, 0, 0, width, height);
    return { jpeg: await jpegOf(canvas), width, height };
  } finally {
    bitmap.close();
  }
}

export function isEdited({ turns, crop, hasContrast }: PageEdits): boolean {
  return turns !== 0 || hasContrast || Object.values(crop).some((part) => part > 0);
}

/** One quarter turn more; what was cut off stays cut off. */
export function turned({ turns, crop, hasContrast }: PageEdits): PageEdits {
  const { top, right, bottom, left } = crop;
  return {
    turns: (turns + 1) % 4,
    crop: { top: left, right: top, bottom: right, left: bottom },
    hasContrast,
  };
}

/** The page as edited, a JPEG. */
export async function pageOf(photo: Blob, edits: PageEdits): Promise<Photo> {
  const whole = await turnedCanvas(photo, edits.turns);
  const { top, right, bottom, left } = edits.crop;
  const width = Math.max(1, Math.round(whole.width * (1 - left - right)));
  const height = Math.max(1, Math.round(whole.height * (1 - top - bottom)));
  const { canvas, context } = newCanvas(width, height);
  context.drawImage(whole, -Math.round(whole.width * left), -Math.round(whole.height * top));
  if (edits.hasContrast) strengthen(context, width, height);
  return { jpeg: await jpegOf(canvas), width, height };
}

/** The whole photo as it is seen, for cropping; at most `side` pixels long. */
export async function turnedCanvas(
  photo: Blob,
  turns: number,
  side = LONG_SIDE,
): Promise<OffscreenCanvas> {
  const bitmap = await createImageBitmap(photo);
  try {
    const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
    const [w, h] = [Math.round(bitmap.width * scale), Math.round(bitmap.height * scale)];
    const [width, height] = turns % 2 === 0 ? [w, h] : [h, w];
    const { canvas, context } = newCanvas(width, height);
    context.translate(width / 2, height / 2);
    context.rotate((turns * Math.PI) / 2);
    context.drawImage(bitmap, -w / 2, -h / 2, w, h);
    return canvas;
  } finally {
    bitmap.close();
  }
}

/** Where the sheet seems to lie, or null. */
export async function sheetIn(photo: Blob, turns: number): Promise<Crop | null> {
  const canvas = await turnedCanvas(photo, turns, HINT_SIDE);
  return findSheet(contextOf(canvas).getImageData(0, 0, canvas.width, canvas.height));
}

/** Spreads what lies between pencil and paper over all shades. */
function strengthen(
  context: OffscreenCanvasRenderingContext2D,
  width: number,
  height: number,
): void {
  const picture = context.getImageData(0, 0, width, height);
  const [dark, bright] = limitsOf(picture.data);
  const shade = Uint8ClampedArray.from(
    { length: 256 },
    (_, value) => ((value - dark) * 255) / Math.max(1, bright - dark),
  );
  for (let at = 0; at < picture.data.length; at += 1) {
    if (at % 4 !== 3) picture.data[at] = shade[picture.data[at] ?? 0] ?? 0;
  }
  context.putImageData(picture, 0, 0);
}

/** Below the first all is dark, above the second all is paper. */
function limitsOf(data: Uint8ClampedArray): [dark: number, bright: number] {
  const counts = new Uint32Array(256);
  for (let at = 1; at < data.length; at += 4)
    counts[data[at] ?? 0] = (counts[data[at] ?? 0] ?? 0) + 1;
  const total = data.length / 4;
  let seen = 0;
  let dark = -1;
  for (const [value, count] of counts.entries()) {
    seen += count;
    if (dark < 0 && seen >= total * DARKEST_PART) dark = value;
    if (seen >= total * (1 - BRIGHTEST_PART)) return [dark, value];
  }
  return [0, 255];
}

function newCanvas(
  width: number,
  height: number,
): { canvas: OffscreenCanvas; context: OffscreenCanvasRenderingContext2D } {
  const canvas = new OffscreenCanvas(width, height);
  const context = contextOf(canvas);
  // Paper, where a picture is transparent.
  context.fillStyle = "white";
  context.fillRect(0, 0, width, height);
  return { canvas, context };
}

function contextOf(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext("2d");
  if (!context) throw new UnusableFile("tooLarge");
  return context;
}

function jpegOf(canvas: OffscreenCanvas): Promise<Blob> {
  return canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY });
}
