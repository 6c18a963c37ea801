/** One page of a PDF: the picture, and its text above for reading aloud, marking and searching. */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { m } from "../../paraglide/messages.js";
import styles from "./PdfView.module.css";
import type { Sheet } from "./pdf";

interface PdfPageProps {
  readonly sheet: Sheet;
  readonly width: number;
  readonly total: number;
  readonly onDrawn: (pageNumber: number) => void;
}

/** Pixels of the picture per pixel of the page: sharp in print and when one zooms in. */
const LEAST_DENSITY = 2;
const GREATEST_DENSITY = 3;

export function PdfPage({ sheet, width, total, onDrawn }: PdfPageProps): JSX.Element {
  const { page, layWords } = sheet;
  const canvas = useRef<HTMLCanvasElement>(null);
  const text = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const surface = canvas.current;
    const layer = text.current;
    if (!surface || !layer) return;
    const natural = page.getViewport({ scale: 1 });
    const viewport = page.getViewport({ scale: width / natural.width });
    const density = Math.min(Math.max(window.devicePixelRatio, LEAST_DENSITY), GREATEST_DENSITY);
    surface.width = Math.floor(viewport.width * density);
    surface.height = Math.floor(viewport.height * density);
    const task = page.render({
      canvas: surface,
      viewport: page.getViewport({ scale: (width / natural.width) * density }),
    });
    task.promise.then(() => onDrawn(page.pageNumber)).catch(() => undefined);
    layer.replaceChildren();
    layer.style.setProperty("--scale-factor", String(viewport.scale));
    layer.style.setProperty("--total-scale-factor", String(viewport.scale));
    const stopWords = layWords(viewport, layer);
    return () => {
      task.cancel();
      stopWords();
    };
  }, [page, layWords, width, onDrawn]);
  return (
    <section
      class={styles.page}
      aria-label={m.documents_page_of({ page: String(page.pageNumber), total: String(total) })}
    >
      <div aria-hidden="true">
        <canvas ref={canvas} class={styles.canvas} />
      </div>
      <div ref={text} class={styles.text} />
    </section>
  );
}
