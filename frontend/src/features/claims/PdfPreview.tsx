/** "Ihr gespeichertes PDF": its pages as they will be sent, and the file itself. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ClaimDraft, DraftPage } from "../../lib/claimDraft";
import type { ClaimDrafts } from "../../lib/claimDrafts";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import styles from "./PdfPreview.module.css";
import { useDrawing } from "./useDrawing";

interface PdfPreviewProps {
  readonly drafts: ClaimDrafts;
  readonly draft: ClaimDraft;
}

/** Sharp enough on a phone; all pages together stay small. */
const SIDE = 1000;

export function PdfPreview({ drafts, draft }: PdfPreviewProps): JSX.Element {
  const [url, setUrl] = useState<string | null>(null);
  const isXml = draft.chosen?.format === "E_INVOICE";
  useEffect(() => {
    let made: string | null = null;
    void drafts.file(draft, "pdf").then((pdf) => {
      if (!pdf) return;
      made = URL.createObjectURL(
        new Blob([pdf], { type: isXml ? "application/xml" : "application/pdf" }),
      );
      setUrl(made);
    });
    return () => {
      if (made) URL.revokeObjectURL(made);
    };
  }, [drafts, draft, isXml]);
  return (
    <div class="stack">
      <ol class={styles.pages}>
        {draft.pages.map((page, index) => (
          <PreviewPage key={page.id} drafts={drafts} draft={draft} page={page} number={index + 1} />
        ))}
      </ol>
      {url && (
        <div>
          <Button kind="quiet" href={url} download={isXml ? "Rechnung.xml" : "Rechnung.pdf"}>
            {isXml ? m.claims_file_download() : m.claims_pdf_download()}
          </Button>
        </div>
      )}
    </div>
  );
}

interface PreviewPageProps extends PdfPreviewProps {
  readonly page: DraftPage;
  readonly number: number;
}

function PreviewPage({ drafts, draft, page, number }: PreviewPageProps): JSX.Element {
  const canvas = useDrawing(page, () => drafts.page(draft, page.id), SIDE);
  return (
    <li>
      <canvas
        ref={canvas}
        class={styles.page}
        role="img"
        aria-label={m.claims_page({ number: String(number) })}
      />
    </li>
  );
}
