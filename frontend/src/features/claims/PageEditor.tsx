/** One page put right: turned, cropped with a hint where the sheet lies, made easier to read. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ClaimDraft, DraftPage } from "../../lib/claimDraft";
import type { ClaimDrafts } from "../../lib/claimDrafts";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { CheckField } from "../../ui/CheckField";
import { Message } from "../../ui/Message";
import { Section } from "../../ui/Section";
import { CropView } from "./CropView";
import { type Crop, WHOLE } from "./edges";
import { isEdited, type PageEdits, sheetIn, turned } from "./pageImage";
import { SideSliders } from "./SideSliders";

interface PageEditorProps {
  readonly drafts: ClaimDrafts;
  readonly draft: ClaimDraft;
  readonly page: DraftPage;
  readonly number: number;
  /** Resolves once the page is kept. */
  readonly onDone: (edits: PageEdits) => Promise<void>;
  readonly onCancel: () => void;
}

export function PageEditor({
  drafts,
  draft,
  page,
  number,
  onDone,
  onCancel,
}: PageEditorProps): JSX.Element {
  const [photo, setPhoto] = useState<Blob | null>(null);
  const [edits, setEdits] = useState<PageEdits>(page);
  const [sheet, setSheet] = useState<Crop | null>(null);
  const [isBusy, setBusy] = useState(false);
  const crop = (changed: Crop) => setEdits((before) => ({ ...before, crop: changed }));
  useEffect(() => {
    void drafts.photo(draft, page.id).then(setPhoto);
  }, [drafts, draft, page.id]);
  useEffect(() => {
    setSheet(null);
    // A hint that can't be found is no fault of the customer's.
    if (photo) void sheetIn(photo, edits.turns).then(setSheet, () => undefined);
  }, [photo, edits.turns]);
  const done = async () => {
    setBusy(true);
    await onDone(edits).finally(() => setBusy(false));
  };
  return (
    <Section title={m.claims_edit_title({ number: String(number) })}>
      <CropView photo={photo} turns={edits.turns} crop={edits.crop} onCrop={crop} />
      {sheet && !isSame(sheet, edits.crop) && (
        <Message title={m.claims_edit_sheet_found()}>
          <p>
            <Button kind="secondary" onClick={() => crop(sheet)}>
              {m.claims_edit_sheet_take()}
            </Button>
          </p>
        </Message>
      )}
      <div class="buttons">
        <Button kind="secondary" onClick={() => setEdits(turned)}>
          {m.claims_edit_turn()}
        </Button>
        {isEdited(edits) && (
          <Button
            kind="secondary"
            onClick={() => setEdits({ turns: 0, crop: WHOLE, hasContrast: false })}
          >
            {m.claims_edit_reset()}
          </Button>
        )}
      </div>
      <SideSliders crop={edits.crop} onCrop={crop} />
      <CheckField
        name="contrast"
        label={m.claims_edit_contrast()}
        isChecked={edits.hasContrast}
        onChange={(hasContrast) => setEdits({ ...edits, hasContrast })}
      />
      <div class="buttons">
        <Button isBusy={isBusy || !photo} onClick={() => void done()}>
          {m.claims_edit_done()}
        </Button>
        <Button kind="secondary" onClick={onCancel}>
          {m.common_cancel()}
        </Button>
      </div>
    </Section>
  );
}

function isSame(one: Crop, other: Crop): boolean {
  return (
    one.top === other.top &&
    one.right === other.right &&
    one.bottom === other.bottom &&
    one.left === other.left
  );
}
