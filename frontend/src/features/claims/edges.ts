/** Where the sheet lies in a photo: bright paper on something darker, as a hint for cropping. */

/** How much of each side is cut off, as parts of width and height. */
export interface Crop {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

export const WHOLE: Crop = { top: 0, right: 0, bottom: 0, left: 0 };

/** Of one side: something of the page is always left. */
export const MOST_CUT = 0.45;

interface Picture {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** A line belongs to the sheet if this part of it is bright, compared with the brightest line. */
const BRIGHT_PART = 0.5;
const LEAST_CUT = 0.03;
const LEAST_LEFT = 0.3;

/** What to cut off, or null where no sheet stands out from what it lies on. */
export function findSheet(picture: Picture): Crop | null {
  const { width, height } = picture;
  const light = lightOf(picture);
  const threshold = thresholdOf(light);
  const columns = new Float64Array(width);
  const rows = new Float64Array(height);
  light.forEach((value, index) => {
    if (value <= threshold) return;
    columns[index % width] = (columns[index % width] ?? 0) + 1 / height;
    const row = Math.floor(index / width);
    rows[row] = (rows[row] ?? 0) + 1 / width;
  });
  const [left, right] = span(columns);
  const [top, bottom] = span(rows);
  const crop = { top, right, bottom, left };
  const cuts = Math.max(top, right, bottom, left);
  const isLeft = 1 - left - right >= LEAST_LEFT && 1 - top - bottom >= LEAST_LEFT;
  return cuts >= LEAST_CUT && isLeft ? crop : null;
}

function lightOf({ data, width, height }: Picture): Uint8Array {
  const light = new Uint8Array(width * height);
  for (let at = 0; at < light.length; at += 1) {
    const [red = 0, green = 0, blue = 0] = data.subarray(at * 4, at * 4 + 3);
    light[at] = (red * 299 + green * 587 + blue * 114) / 1000;
  }
  return light;
}

/** Otsu's: the value that parts the picture's light into the two most distinct groups. */
function thresholdOf(light: Uint8Array): number {
  const counts = new Float64Array(256);
  for (const value of light) counts[value] = (counts[value] ?? 0) + 1;
  const sum = counts.reduce((total, count, value) => total + count * value, 0);
  let [dark, darkSum, best, threshold] = [0, 0, -1, 255];
  for (const [value, count] of counts.entries()) {
    dark += count;
    darkSum += count * value;
    const bright = light.length - dark;
    if (dark === 0 || bright === 0) continue;
    const distance = darkSum / dark - (sum - darkSum) / bright;
    const spread = dark * bright * distance ** 2;
    if (spread > best) [best, threshold] = [spread, value];
  }
  return threshold;
}

/** What lies before and behind the bright lines, as parts of all. */
function span(lines: Float64Array): [before: number, behind: number] {
  const least = Math.max(...lines) * BRIGHT_PART;
  const first = lines.findIndex((part) => part >= least);
  const last = lines.findLastIndex((part) => part >= least);
  return [first / lines.length, 1 - (last + 1) / lines.length];
}
