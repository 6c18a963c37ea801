/** The pages: photographed or chosen, put in order, put right (F56). */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { DraftPage } from "../../lib/claimDraft";
import type { ClaimPlace } from "../../lib/claimFacts";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { CameraDialog } from "./CameraDialog";
import { chosenName } from "./chosenName";
import { FileProblems } from "./FileProblems";
import { InvoiceFacts } from "./InvoiceFacts";
import type { OpenDraft } from "./openDraft";
import { PageEditor } from "./PageEditor";
import { PageItem, pageElement } from "./PageItem";
import styles from "./PagesStep.module.css";
import { PictureInput } from "./PictureInput";
import { canUseCamera } from "./useCamera";
import { limitsOf, usePages } from "./usePages";

interface PagesStepProps {
  readonly open: OpenDraft;
  /** null where this claim can't be handed in any more: the last step says so. */
  readonly place: ClaimPlace | null;
  readonly onDone: () => void;
}

export function PagesStep({ open, place, onDone }: PagesStepProps): JSX.Element {
  const { drafts, draft } = open;
  const limits = limitsOf(place);
  const { acceptsPdf, acceptsInvoices } = limits;
  const pages = usePages(open, limits);
  const [isShooting, setShooting] = useState(false);
  const [edited, setEdited] = useState<DraftPage | null>(null);
  const focusMoved = useFocusAfterMove(draft.pages);
  const isPdf = draft.hasPdf && draft.pages.length === 0;

  if (edited) {
    const number = draft.pages.findIndex(({ id }) => id === edited.id) + 1;
    return (
      <PageEditor
        drafts={drafts}
        draft={draft}
        page={edited}
        number={number}
        onDone={async (edits) => {
          if (await pages.edit(edited.id, edits)) setEdited(null);
        }}
        onCancel={() => setEdited(null)}
      />
    );
  }
  return (
    <div class="stack">
      <FileProblems
        problems={pages.problems}
        taken={limits}
        hasRest={draft.pages.length > 0 || isPdf}
      />
      {draft.pages.length === 0 && !isPdf && (
        <EmptyState title={m.claims_no_page_yet()}>
          <p>{m.claims_pages_hint()}</p>
        </EmptyState>
      )}
      {isPdf && (
        <EmptyState title={chosenName(draft)}>
          {draft.chosen?.invoice && <InvoiceFacts invoice={draft.chosen.invoice} />}
          <p>
            <Button kind="quiet" onClick={() => void pages.dropPdf()}>
              {m.claims_file_drop()}
            </Button>
          </p>
        </EmptyState>
      )}
      <ol class={styles.pages} aria-label={m.claims_pages()}>
        {draft.pages.map((page, index) => (
          <PageItem
            key={page.id}
            drafts={drafts}
            draft={draft}
            page={page}
            number={index + 1}
            onMove={(by) => {
              focusMoved(page);
              void pages.move(page.id, by);
            }}
            onEdit={() => setEdited(page)}
            onRemove={() => void pages.remove(page.id)}
          />
        ))}
      </ol>
      {!isPdf && (
        <div class="buttons" aria-busy={pages.isBusy}>
          {canUseCamera() && (
            <Button
              kind={draft.pages.length === 0 ? "primary" : "secondary"}
              isBusy={pages.isBusy}
              onClick={() => setShooting(true)}
            >
              {m.claims_photograph()}
            </Button>
          )}
          <PictureInput
            acceptsPdf={acceptsPdf}
            acceptsInvoices={acceptsInvoices}
            onChoose={(files) => void pages.add(files)}
          />
        </div>
      )}
      {pages.isBusy && <p role="status">{m.claims_page_being_kept()}</p>}
      {(draft.pages.length > 0 || isPdf) && (
        <div>
          <Button isBusy={pages.isBusy} onClick={onDone}>
            {m.claims_next()}
          </Button>
        </div>
      )}
      {isShooting && (
        <CameraDialog
          pages={draft.pages.length}
          onPhoto={(video) => pages.add([video])}
          onClose={() => setShooting(false)}
        />
      )}
    </div>
  );
}

/** What was pressed may be gone once the page stands elsewhere: then the page itself takes the focus. */
function useFocusAfterMove(pages: readonly DraftPage[]): (page: DraftPage) => void {
  const moved = useRef<DraftPage | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once the pages stand in another order
  useEffect(() => {
    if (moved.current) document.getElementById(pageElement(moved.current))?.focus();
    moved.current = null;
  }, [pages]);
  return (page) => {
    moved.current = page;
  };
}
