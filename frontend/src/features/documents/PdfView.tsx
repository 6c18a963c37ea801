/** Shows a PDF page by page: fetched with the session, checked by the server, drawn here. */
import type { PDFPageProxy } from "pdfjs-dist";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { m } from "../../paraglide/messages.js";
import { FailedState } from "../../ui/FailedState";
import { LoadMore } from "../../ui/LoadMore";
import { Skeleton } from "../../ui/Skeleton";
import { PdfPage } from "./PdfPage";
import styles from "./PdfView.module.css";

const PAGES_AT_ONCE = 5;

export function PdfView({ url }: { readonly url: string }): JSX.Element {
  const frame = useRef<HTMLDivElement>(null);
  const [pages, setPages] = useState<readonly PDFPageProxy[] | null>(null);
  const [shown, setShown] = useState(PAGES_AT_ONCE);
  const [hasFailed, setFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    setFailed(false);
    setPages(null);
    loadPages(url, stop.signal)
      .then((loaded) => !stop.signal.aborted && setPages(loaded))
      .catch(() => !stop.signal.aborted && setFailed(true));
    return () => stop.abort();
    // Another attempt loads again.
  }, [url, attempt]);
  if (hasFailed) return <FailedState onRetry={() => setAttempt(attempt + 1)} />;
  const width = frame.current?.clientWidth ?? 0;
  return (
    <div ref={frame} class={styles.view} aria-busy={pages === null}>
      {pages === null || width === 0 ? (
        <div role="status">
          <span class="visually-hidden">{m.common_loading()}</span>
          <Skeleton rows={10} shape="text" />
        </div>
      ) : (
        pages
          .slice(0, shown)
          .map((page) => (
            <PdfPage key={page.pageNumber} page={page} width={width} total={pages.length} />
          ))
      )}
      {pages !== null && pages.length > shown && (
        <LoadMore
          shown={shown}
          total={pages.length}
          hasMore
          isBusy={false}
          onMore={() => setShown(shown + PAGES_AT_ONCE)}
        />
      )}
    </div>
  );
}

async function loadPages(url: string, signal: AbortSignal): Promise<PDFPageProxy[]> {
  const [response, { openPdf }] = await Promise.all([fetch(url, { signal }), import("./pdf")]);
  if (!response.ok) throw new Error(`The document was not delivered: ${response.status}`);
  const pdf = await openPdf(await response.arrayBuffer());
  return Promise.all(Array.from({ length: pdf.numPages }, (_, index) => pdf.getPage(index + 1)));
}
