/** The pages of a PDF with their words. */
import * as pdfjs from "pdfjs-dist";
import { loadPdf } from "../../lib/pdfLibrary";

export interface Sheet {
  readonly page: pdfjs.PDFPageProxy;
  /** Lays the words of the page over its picture; returns how to stop. */
  readonly layWords: (viewport: pdfjs.PageViewport, container: HTMLElement) => () => void;
}

/** The pages of a PDF; scripts in it are never run. */
export async function openPdf(content: ArrayBuffer): Promise<readonly Sheet[]> {
  const pdf = await loadPdf(content);
  const numbers = Array.from({ length: pdf.numPages }, (_, index) => index + 1);
  const pages = await Promise.all(numbers.map((number) => pdf.getPage(number)));
  return pages.map((page) => ({ page, layWords: layWordsOf(page) }));
}

function layWordsOf(page: pdfjs.PDFPageProxy): Sheet["layWords"] {
  return (viewport, container) => {
    const words = new pdfjs.TextLayer({
      textContentSource: page.streamTextContent(),
      container,
      viewport,
    });
    words.render().catch(() => undefined);
    return () => words.cancel();
  };
}
