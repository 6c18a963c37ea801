/** One page of a claim: its picture, its place, and what can be done with it. */
import type { JSX } from "preact";
import type { ClaimDraft, DraftPage } from "../../lib/claimDraft";
import type { ClaimDrafts } from "../../lib/claimDrafts";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import styles from "./PageItem.module.css";
import { useDrawing } from "./useDrawing";

interface PageItemProps {
  readonly drafts: ClaimDrafts;
  readonly draft: ClaimDraft;
  readonly page: DraftPage;
  readonly number: number;
  readonly onMove: (by: -1 | 1) => void;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}

const SIDE = 320;

export function PageItem({
  drafts,
  draft,
  page,
  number,
  onMove,
  onEdit,
  onRemove,
}: PageItemProps): JSX.Element {
  const canvas = useDrawing(page, () => drafts.page(draft, page.id), SIDE);
  const which = String(number);
  const label = m.claims_page({ number: which });
  const ofPage = <span class="visually-hidden"> {m.claims_of_page({ number: which })}</span>;
  return (
    <li id={pageElement(page)} class={styles.page} tabIndex={-1}>
      <canvas ref={canvas} class={styles.picture} role="img" aria-label={label} />
      <div class={styles.text}>
        <p>
          <strong>{label}</strong>
        </p>
        <div class={styles.actions}>
          <Button kind="quiet" onClick={onEdit}>
            {m.claims_page_edit()}
            {ofPage}
          </Button>
          {number > 1 && (
            <Button kind="quiet" onClick={() => onMove(-1)}>
              {m.claims_page_earlier()}
              {ofPage}
            </Button>
          )}
          {number < draft.pages.length && (
            <Button kind="quiet" onClick={() => onMove(1)}>
              {m.claims_page_later()}
              {ofPage}
            </Button>
          )}
          <Button kind="quiet" onClick={onRemove}>
            {m.claims_page_remove()}
            {ofPage}
          </Button>
        </div>
      </div>
    </li>
  );
}

/** Takes the focus once the page has moved. */
export function pageElement({ id }: DraftPage): string {
  return `page-${id}`;
}
