/** An invoice kept for later: what only the customer needs to know of it, kept on this device (X10, F62). */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { parseAmount, typedAmount } from "../../lib/amount";
import type { ClaimDraft, ParkedFacts } from "../../lib/claimDraft";
import { claimKindName } from "../../lib/claimWords";
import { problemsAt, useFormProblems } from "../../lib/formProblems";
import { claimDraftPath, paths } from "../../lib/paths";
import { askToPersist } from "../../lib/secretStore";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { DataList } from "../../ui/DataList";
import { Field } from "../../ui/Field";
import { Form } from "../../ui/Form";
import { Message } from "../../ui/Message";
import { chosenName } from "./chosenName";
import { DiscardDraft } from "./DiscardDraft";
import type { OpenDraft } from "./openDraft";

interface ParkStepProps {
  readonly open: OpenDraft;
  readonly onDone: () => void;
}

export function ParkStep({ open, onDone }: ParkStepProps): JSX.Element {
  const { drafts, draft } = open;
  const { route } = useLocation();
  const [typed, setTyped] = useState(() => typedOf(draft));
  const [isBusy, setBusy] = useState(false);
  const [hasFailed, setFailed] = useState(false);
  const problems = useFormProblems();
  const field = (name: keyof TypedFacts) => ({
    name,
    value: typed[name],
    onInput: (value: string) => setTyped((before) => ({ ...before, [name]: value })),
    onLeave: () => problems.leave(name, wrongIn(typed)[name] ?? null),
    error: problems.at(name),
  });
  const submit = async () => {
    const found = problemsAt(wrongIn(typed));
    problems.refuse(found);
    if (found.length > 0) return;
    setBusy(true);
    askToPersist();
    await park(open, typed).then(onDone, () => setFailed(true));
    setBusy(false);
  };
  const pages = draft.pages.length;
  return (
    <Form
      errors={problems.summary}
      isBusy={isBusy}
      onSubmit={() => void submit()}
      layout="sections"
    >
      {hasFailed && (
        <Message kind="danger" isAlert>
          <p>{m.parked_not_saved()}</p>
        </Message>
      )}
      <div class="stack">
        <DataList
          items={[
            [m.claims_kind(), draft.kind && claimKindName(draft.kind)],
            [
              m.claims_contract(),
              draft.contract && `${draft.contract.productName}, ${draft.contract.number}`,
            ],
            [m.claims_pages(), pages > 0 ? String(pages) : chosenName(draft)],
          ]}
        />
        <div>
          <Button kind="quiet" href={claimDraftPath(draft.id, "seiten")}>
            {m.parked_step_pages()}
          </Button>
        </div>
      </div>
      <div class="stack">
        <Field
          {...field("title")}
          label={m.claims_title_label()}
          hint={m.parked_title_hint()}
          maxLength={80}
          isOptional
        />
        <Field
          {...field("amount")}
          label={m.parked_amount()}
          hint={m.parked_amount_hint()}
          inputMode="decimal"
          isShort
          isOptional
        />
        <Field {...field("issuedOn")} label={m.parked_date()} type="date" isShort isOptional />
        <p class="small muted">{m.parked_stays()}</p>
      </div>
      <div class="buttons">
        <Button type="submit" isBusy={isBusy}>
          {draft.parked ? m.parked_save() : m.parked_keep()}
        </Button>
        <DiscardDraft
          draft={draft}
          onDiscard={() => void drafts.discard(draft).then(() => route(paths.parkedInvoices, true))}
        />
      </div>
    </Form>
  );
}

interface TypedFacts {
  readonly title: string;
  readonly amount: string;
  /** A civil date or empty. */
  readonly issuedOn: string;
}

const DEAREST = 1_000_000;

/** As it was kept; at first as the e-invoice says. */
function typedOf({ title, parked, chosen }: ClaimDraft): TypedFacts {
  const read = chosen?.invoice;
  const readAmount =
    read?.amount?.currency === "EUR" ? Number(read.amount.amount).toFixed(2) : null;
  const amount = parked ? parked.amount : readAmount;
  return {
    title,
    amount: amount ? typedAmount(amount) : "",
    issuedOn: (parked ? parked.issuedOn : read?.issuedOn) ?? "",
  };
}

function wrongIn({
  amount,
  issuedOn,
}: TypedFacts): Partial<Record<keyof TypedFacts, string | null>> {
  const parsed = Number(parseAmount(amount) ?? Number.NaN);
  const isWrong = amount.trim() !== "" && !(parsed > 0 && parsed < DEAREST);
  const isFuture = issuedOn > new Date().toLocaleDateString("sv-SE");
  return {
    amount: isWrong ? m.parked_amount_wrong() : null,
    issuedOn: isFuture ? m.parked_date_future() : null,
  };
}

async function park({ draft, change }: OpenDraft, typed: TypedFacts): Promise<void> {
  const parked: ParkedFacts = {
    parkedAt: draft.parked?.parkedAt ?? new Date().toISOString(),
    amount: typed.amount.trim() ? parseAmount(typed.amount) : null,
    issuedOn: typed.issuedOn || null,
  };
  // A PDF of its pages would be made anew together with those of others.
  const isOfPages = draft.pages.length > 0;
  await change(
    {
      title: typed.title.trim(),
      isToPark: true,
      parked,
      problem: null,
      hasPdf: !isOfPages && draft.hasPdf,
    },
    { remove: isOfPages ? [["pdf", draft.id]] : [] },
  );
}
