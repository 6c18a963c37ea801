/** A claim that is being put together: one step at a time, kept after each (F47, F60). */
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { useLocation } from "preact-iso";
import type { ClaimDesk } from "../../graphql/claimFacts";
import { type ClaimDraft, isSealed, UNSEALED } from "../../lib/claimDraft";
import type { ClaimDrafts } from "../../lib/claimDrafts";
import { kindsOf, placeFor } from "../../lib/claimFacts";
import { type ClaimStep, claimDraftPath, claimPath, paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Page } from "../../ui/Page";
import { RefusedState } from "../../ui/RefusedState";
import { Skeleton } from "../../ui/Skeleton";
import { ContractStep } from "./ContractStep";
import { DeskGate } from "./DeskGate";
import { KindStep } from "./KindStep";
import type { OpenDraft } from "./openDraft";
import { PagesStep } from "./PagesStep";
import { ParkStep } from "./ParkStep";
import { ReviewStep } from "./ReviewStep";
import { useDraft } from "./useDraft";

export function DraftPage({ id }: { readonly id: string }): JSX.Element {
  const { query } = useLocation();
  const step = stepOf(query.schritt);
  return (
    <Page
      key={step}
      title={titleOf(step)}
      lead={m.claims_step_of({ step: String(numberOf(step)) })}
      back={backFrom(id, step, query.seite !== undefined)}
    >
      <DeskGate>{(desk) => <DraftSteps desk={desk} id={id} step={step} />}</DeskGate>
    </Page>
  );
}

interface DraftStepsProps {
  readonly desk: ClaimDesk;
  readonly id: string;
  readonly step: ClaimStep;
}

function DraftSteps({ desk, id, step }: DraftStepsProps): JSX.Element {
  const open = useDraft(desk.drafts, id);
  if (open === "pending") return <Skeleton rows={4} />;
  if (open === "absent") {
    return (
      <RefusedState title={m.claims_draft_gone_title()}>
        <p>{m.claims_draft_gone_text()}</p>
        <p>
          <Button kind="secondary" href={paths.claims}>
            {m.claims_to_all()}
          </Button>
        </p>
      </RefusedState>
    );
  }
  if ("heldBy" in open) return <Redirect to={claimDraftPath(open.heldBy, "pruefen")} />;
  if ("sentAs" in open) return <Redirect to={`${claimPath(open.sentAs)}?gesendet=1`} />;
  return <Step desk={desk} open={open} step={possibleStep(open.draft, step)} />;
}

/** Sent, here or behind this page's back: from now on it is a claim. */
function Redirect({ to }: { readonly to: string }): null {
  const { route } = useLocation();
  useEffect(() => route(to, true), [route, to]);
  return null;
}

/** What is sealed can't be changed any more, what is parked is not sent alone. */
function possibleStep(draft: ClaimDraft, step: ClaimStep): ClaimStep {
  if (isSealed(draft) || draft.invoices) return "pruefen";
  return draft.parked && step === "pruefen" ? "sammeln" : step;
}

interface StepProps {
  readonly desk: ClaimDesk;
  readonly open: OpenDraft;
  readonly step: ClaimStep;
}

function Step({ desk, open, step }: StepProps): JSX.Element {
  const { route } = useLocation();
  const { drafts, draft, change } = open;
  const { facts } = desk;
  const go = (next: ClaimStep) => route(claimDraftPath(draft.id, next));
  // Another kind or contract is another claim: nothing that was sealed holds for it.
  const changeClaim = (values: Parameters<OpenDraft["change"]>[0], next: ClaimStep) =>
    void change({ ...values, ...UNSEALED }).then(() => go(next));
  const place = placeFor(facts, draft.kind, draft.contract);
  switch (step) {
    case "art":
      return (
        <KindStep
          kinds={kindsOf(facts)}
          initial={draft}
          onDone={(values) => changeClaim(values, "vertrag")}
        />
      );
    case "vertrag":
      return (
        <ContractStep
          contracts={(draft.kind ? facts.places[draft.kind] : []).map(({ contract }) => contract)}
          initial={draft.contract?.id ?? null}
          changeKindHref={claimDraftPath(draft.id, "art")}
          onDone={(contract) => changeClaim({ contract }, "seiten")}
        />
      );
    case "seiten":
      return (
        <PagesStep
          open={open}
          place={place}
          onDone={() => go(draft.isToPark ? "sammeln" : "pruefen")}
        />
      );
    case "sammeln":
      return <ParkStep open={open} onDone={() => route(paths.parkedInvoices)} />;
    case "pruefen":
      return (
        <ReviewStep
          open={open}
          desk={desk}
          onDiscard={() => void giveUp(drafts, draft).then(() => route(paths.claims, true))}
        />
      );
  }
}

/** Of a claim that can't be at the server the parked invoices stay. */
function giveUp(drafts: ClaimDrafts, draft: ClaimDraft): Promise<void> {
  return draft.invoices && !isSealed(draft) ? drafts.takeApart(draft) : drafts.discard(draft);
}

const ORDER: readonly ClaimStep[] = ["art", "vertrag", "seiten", "pruefen"];

function stepOf(value: string | undefined): ClaimStep {
  return value === "sammeln" ? value : (ORDER.find((step) => step === value) ?? "seiten");
}

function numberOf(step: ClaimStep): number {
  return step === "sammeln" ? ORDER.length : ORDER.indexOf(step) + 1;
}

function titleOf(step: ClaimStep): string {
  switch (step) {
    case "art":
      return m.claims_new();
    case "vertrag":
      return m.claims_contract_title();
    case "seiten":
      return m.claims_pages_title();
    case "pruefen":
      return m.claims_review_title();
    case "sammeln":
      return m.parked_step_title();
  }
}

function backFrom(
  id: string,
  step: ClaimStep,
  isEditing: boolean,
): { readonly href: string; readonly label: string } {
  if (isEditing) return { href: claimDraftPath(id, "seiten"), label: m.claims_pages() };
  if (step === "art") return { href: paths.claims, label: m.claims_title() };
  const earlier = ORDER[numberOf(step) - 2] ?? "art";
  return { href: claimDraftPath(id, earlier), label: m.claims_back() };
}
