/** Draws a kept picture on a canvas, one picture at a time: phones have little memory. */
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { DraftPage } from "../../lib/claimDraft";
import { turnedCanvas } from "./pageImage";

let drawing: Promise<unknown> = Promise.resolve();

/** Draws again whenever the page is edited. */
export function useDrawing(
  page: DraftPage,
  picture: () => Promise<Blob>,
  side: number,
): RefObject<HTMLCanvasElement> {
  const canvas = useRef<HTMLCanvasElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the picture is that of the page
  useEffect(() => {
    let isGone = false;
    const draw = async () => {
      if (isGone) return;
      const drawn = await turnedCanvas(await picture(), 0, side);
      if (isGone || !canvas.current) return;
      canvas.current.width = drawn.width;
      canvas.current.height = drawn.height;
      canvas.current.getContext("2d")?.drawImage(drawn, 0, 0);
    };
    // A picture that can't be drawn stays empty; the next one is drawn all the same.
    drawing = drawing.then(draw).catch(() => undefined);
    return () => {
      isGone = true;
    };
  }, [page, side]);
  return canvas;
}
