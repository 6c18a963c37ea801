/** The pages: photographed or chosen, put in order, put right (F56). */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import type { DraftPage } from "../../lib/claimDraft";
import type { ClaimPlace } from "../../lib/claimFacts";
import { claimDraftPath, claimPagePath } from "../../lib/paths";
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
  const { query, route } = useLocation();
  const edited = draft.pages.find(({ id }) => id === query.seite);
  const focusMoved = useFocusAfterMove(draft.pages);
  const isPdf = draft.hasPdf && draft.pages.length === 0;

  if (edited) {
    // Nothing to go back to in a tab that was opened for this page alone.
    const leave = () =>
      history.length > 1 ? history.back() : route(claimDraftPath(draft.id, "seiten"), true);
    return (
      <div class="stack">
        <FileProblems problems={pages.problems} taken={limits} hasRest />
        <PageEditor
          drafts={drafts}
          draft={draft}
          page={edited}
          number={draft.pages.indexOf(edited) + 1}
          onDone={async (edits) => {
            if (await pages.edit(edited.id, edits)) leave();
          }}
          onCancel={leave}
        />
      </div>
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
            onEdit={() => {
              pages.forgetProblems();
              route(claimPagePath(draft.id, page.id));
            }}
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
