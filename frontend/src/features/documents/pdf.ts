/** PDF.js, loaded when the first document is opened; its worker is a file of this portal. */
import * as pdfjs from "pdfjs-dist";
import workerUrl from "pdfjs-dist/build/pdf.worker.min.mjs?url";

let isReady = false;

export interface Sheet {
  readonly page: pdfjs.PDFPageProxy;
  /** Lays the words of the page over its picture; returns how to stop. */
  readonly layWords: (viewport: pdfjs.PageViewport, container: HTMLElement) => () => void;
}

/** The pages of a PDF; scripts in it are never run. */
export async function openPdf(content: ArrayBuffer): Promise<readonly Sheet[]> {
  if (!isReady) {
    pdfjs.GlobalWorkerOptions.workerPort = startWorker();
    isReady = true;
  }
  const loading = pdfjs.getDocument({ data: content, enableXfa: false, useSystemFonts: true });
  const pdf = await loading.promise;
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

function startWorker(): Worker {
  const policy = window.trustedTypes?.createPolicy("kundenportal-pdf", {
    createScriptURL: (url) => {
      if (url !== workerUrl) throw new TypeError(`Not a script of this portal: ${url}`);
      return url;
    },
  });
  return new Worker(policy ? policy.createScriptURL(workerUrl) : workerUrl, { type: "module" });
}
