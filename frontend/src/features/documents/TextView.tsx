/** Shows a document of plain text as it is: fetched with the session, nothing in it is interpreted. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { FailedState } from "../../ui/FailedState";
import { PlainText } from "../../ui/PlainText";
import { Skeleton } from "../../ui/Skeleton";

interface TextViewProps {
  readonly url: string;
  readonly fileName: string;
}

export function TextView({ url, fileName }: TextViewProps): JSX.Element {
  const [text, setText] = useState<string | null>(null);
  const [hasFailed, setFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt loads again
  useEffect(() => {
    const stop = new AbortController();
    setFailed(false);
    loadText(url, stop.signal)
      .then(setText)
      .catch(() => !stop.signal.aborted && setFailed(true));
    return () => stop.abort();
  }, [url, attempt]);
  return (
    <>
      <div class="buttons no-print">
        <Button href={url} download={fileName}>
          {m.documents_download()}
        </Button>
        {!hasFailed && (
          <Button kind="secondary" isBusy={text === null} onClick={() => window.print()}>
            {m.documents_print()}
          </Button>
        )}
      </div>
      <div aria-busy={text === null && !hasFailed}>
        {hasFailed && <FailedState onRetry={() => setAttempt(attempt + 1)} />}
        {text === null && !hasFailed && <Skeleton rows={10} shape="text" />}
        {text !== null && <PlainText text={text} />}
      </div>
    </>
  );
}

async function loadText(url: string, signal: AbortSignal): Promise<string> {
  // Looking at it is no download: the server tells them apart (X6).
  const response = await fetch(`${url}?show`, { signal });
  if (!response.ok) throw new Error(`The document was not delivered: ${response.status}`);
  return response.text();
}
