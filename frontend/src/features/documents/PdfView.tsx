/** Shows a PDF page by page: fetched with the session, checked by the server, drawn here. */
import type { PDFPageProxy } from "pdfjs-dist";
import type { JSX } from "preact";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { FailedState } from "../../ui/FailedState";
import { LoadMore } from "../../ui/LoadMore";
import { Skeleton } from "../../ui/Skeleton";
import { PdfPage } from "./PdfPage";
import styles from "./PdfView.module.css";
import { useWidth } from "./useWidth";

const PAGES_AT_ONCE = 5;

interface PdfViewProps {
  readonly url: string;
  readonly fileName: string;
}

export function PdfView({ url, fileName }: PdfViewProps): JSX.Element {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const [pages, setPages] = useState<readonly PDFPageProxy[] | null>(null);
  const [shown, setShown] = useState(PAGES_AT_ONCE);
  const [hasFailed, setFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const { isPrinting, print, drawn } = usePrinting(pages?.length ?? 0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt loads again
  useEffect(() => {
    const stop = new AbortController();
    setFailed(false);
    setPages(null);
    loadPages(url, stop.signal)
      .then((loaded) => !stop.signal.aborted && setPages(loaded))
      .catch(() => !stop.signal.aborted && setFailed(true));
    return () => stop.abort();
  }, [url, attempt]);

  const visible = pages?.slice(0, isPrinting ? pages.length : shown) ?? [];
  return (
    <>
      <div class="buttons no-print">
        <Button href={url} download={fileName}>
          {m.documents_download()}
        </Button>
        {!hasFailed && (
          <Button kind="secondary" isBusy={pages === null || isPrinting} onClick={print}>
            {m.documents_print()}
          </Button>
        )}
      </div>
      <div ref={frame} class={styles.view} aria-busy={pages === null && !hasFailed}>
        {hasFailed && <FailedState onRetry={() => setAttempt(attempt + 1)} />}
        {pages === null && !hasFailed && <Skeleton rows={10} shape="text" />}
        {width > 0 &&
          visible.map((page) => (
            <PdfPage
              key={page.pageNumber}
              page={page}
              width={width}
              total={pages?.length ?? 0}
              onDrawn={drawn}
            />
          ))}
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
    </>
  );
}

/** Printing waits until every page is drawn, also those that were not shown yet. */
function usePrinting(total: number): {
  isPrinting: boolean;
  print: () => void;
  drawn: (pageNumber: number) => void;
} {
  const [isPrinting, setPrinting] = useState(false);
  const [finished, setFinished] = useState<ReadonlySet<number>>(new Set());
  const drawn = useCallback(
    (pageNumber: number) => setFinished((before) => new Set(before).add(pageNumber)),
    [],
  );
  const isComplete = finished.size >= total;
  useEffect(() => {
    if (!isPrinting || !isComplete) return;
    window.print();
    setPrinting(false);
  }, [isPrinting, isComplete]);
  return {
    isPrinting,
    print: () => setPrinting(true),
    drawn,
  };
}

async function loadPages(url: string, signal: AbortSignal): Promise<PDFPageProxy[]> {
  const [response, { openPdf }] = await Promise.all([fetch(url, { signal }), import("./pdf")]);
  if (!response.ok) throw new Error(`The document was not delivered: ${response.status}`);
  const pdf = await openPdf(await response.arrayBuffer());
  return Promise.all(Array.from({ length: pdf.numPages }, (_, index) => pdf.getPage(index + 1)));
}
