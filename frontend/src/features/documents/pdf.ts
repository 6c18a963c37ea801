/** PDF.js, loaded when the first document is opened; its worker is a file of this portal. */
import * as pdfjs from "pdfjs-dist";
import workerUrl from "pdfjs-dist/build/pdf.worker.min.mjs?url";

let isReady = false;

/** Open a PDF; scripts in it are never run. */
export async function openPdf(content: ArrayBuffer): Promise<pdfjs.PDFDocumentProxy> {
  if (!isReady) {
    pdfjs.GlobalWorkerOptions.workerPort = startWorker();
    isReady = true;
  }
  return pdfjs.getDocument({ data: content, enableXfa: false, useSystemFonts: true }).promise;
}

/** Lay the words of a page over its picture; returns how to stop. */
export function layWords(
  page: pdfjs.PDFPageProxy,
  viewport: pdfjs.PageViewport,
  container: HTMLElement,
): () => void {
  const words = new pdfjs.TextLayer({
    textContentSource: page.streamTextContent(),
    container,
    viewport,
  });
  words.render().catch(() => undefined);
  return () => words.cancel();
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
