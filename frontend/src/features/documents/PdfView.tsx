/** Shows a PDF page by page: fetched with the session, checked by the server, drawn here. */
import type { ComponentChildren, JSX } from "preact";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { FailedState } from "../../ui/FailedState";
import { LoadMore } from "../../ui/LoadMore";
import { Skeleton } from "../../ui/Skeleton";
import { PdfPage } from "./PdfPage";
import styles from "./PdfView.module.css";
import type { Sheet } from "./pdf";
import { useWidth } from "./useWidth";

const PAGES_AT_ONCE = 5;

interface PdfViewProps {
  readonly url: string;
  readonly fileName: string;
  /** What else can be done with it, before downloading and printing. */
  readonly children?: ComponentChildren;
}

export function PdfView({ url, fileName, children }: PdfViewProps): JSX.Element {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const [sheets, setSheets] = useState<readonly Sheet[] | null>(null);
  const [shown, setShown] = useState(PAGES_AT_ONCE);
  const [hasFailed, setFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const { isPrinting, print, drawn } = usePrinting(sheets?.length ?? 0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt loads again
  useEffect(() => {
    const stop = new AbortController();
    setFailed(false);
    setSheets(null);
    loadSheets(url, stop.signal)
      .then((loaded) => !stop.signal.aborted && setSheets(loaded))
      .catch(() => !stop.signal.aborted && setFailed(true));
    return () => stop.abort();
  }, [url, attempt]);

  const visible = sheets?.slice(0, isPrinting ? sheets.length : shown) ?? [];
  return (
    <>
      <div class="buttons no-print">
        {children}
        <Button kind={children ? "secondary" : "primary"} href={url} download={fileName}>
          {m.documents_download()}
        </Button>
        {!hasFailed && (
          <Button kind="secondary" isBusy={sheets === null || isPrinting} onClick={print}>
            {m.documents_print()}
          </Button>
        )}
      </div>
      <div ref={frame} class={styles.view} aria-busy={sheets === null && !hasFailed}>
        {hasFailed && <FailedState onRetry={() => setAttempt(attempt + 1)} />}
        {sheets === null && !hasFailed && <Skeleton rows={10} shape="text" />}
        {width > 0 &&
          visible.map((sheet) => (
            <PdfPage
              key={sheet.page.pageNumber}
              sheet={sheet}
              width={width}
              total={sheets?.length ?? 0}
              onDrawn={drawn}
            />
          ))}
        {sheets !== null && sheets.length > shown && (
          <LoadMore
            shown={shown}
            total={sheets.length}
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

async function loadSheets(url: string, signal: AbortSignal): Promise<readonly Sheet[]> {
  // Looking at it is no download: the server tells them apart (X6).
  const shown = fetch(`${url}?show`, { signal });
  const [response, { openPdf }] = await Promise.all([shown, import("./pdf")]);
  if (!response.ok) throw new Error(`The document was not delivered: ${response.status}`);
  return openPdf(await response.arrayBuffer());
}
