/** PDF.js, loaded when the first PDF is opened; its worker is a file of this portal. */
import * as pdfjs from "pdfjs-dist";
import workerUrl from "pdfjs-dist/build/pdf.worker.min.mjs?url";

let isReady = false;

/** A PDF as PDF.js knows it; scripts in it are never run. */
export function loadPdf(content: ArrayBuffer): Promise<pdfjs.PDFDocumentProxy> {
  if (!isReady) {
    pdfjs.GlobalWorkerOptions.workerPort = startWorker();
    isReady = true;
  }
  return pdfjs.getDocument({ data: content, enableXfa: false, useSystemFonts: true }).promise;
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
