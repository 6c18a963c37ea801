/** Claims on this device that are not sent yet: "Ihr gespeichertes PDF" with "Senden", and drafts to go on with (F60). */
import { useClient } from "@urql/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { openDesk } from "../graphql/claimFacts";
import { sendFromHere } from "../graphql/claimSender";
import type { ClaimDraft, SendingProblem } from "../lib/claimDraft";
import { claimKindName } from "../lib/claimWords";
import { formatDateTime } from "../lib/format";
import { isParked, parkedIn } from "../lib/parkedInvoices";
import { type ClaimStep, claimDraftPath, claimPath } from "../lib/paths";
import { m } from "../paraglide/messages.js";
import { Button } from "./Button";
import { Message } from "./Message";
import { ParkedInvoices } from "./ParkedInvoices";
import { Row } from "./Row";
import { Rows } from "./Rows";
import { Section } from "./Section";
import { SendingMessage } from "./SendingMessage";
import { useUnsentClaims } from "./useUnsentClaims";

interface SavedClaimsProps {
  readonly account: string;
  /** Parked invoices stand on the same page already. */
  readonly isBesideParked?: boolean;
}

export function SavedClaims({ account, isBesideParked = false }: SavedClaimsProps): JSX.Element {
  const known = useUnsentClaims(account) ?? [];
  const drafts = known.filter((draft) => !isParked(draft));
  const parked = isBesideParked ? [] : parkedIn(known);
  const client = useClient();
  const [sending, setSending] = useState<string | null>(null);
  const [problem, setProblem] = useState<SendingProblem | null>(null);
  const [claim, setClaim] = useState<string | null>(null);
  const send = async (id: string) => {
    setSending(id);
    setProblem(null);
    setClaim(null);
    const desk = await openDesk(client).catch(() => "failed" as const);
    const sent =
      typeof desk === "string"
        ? { problem: { kind: desk } }
        : await sendFromHere(client, desk, id).catch(() => ({
            problem: { kind: "failed" } as const,
          }));
    setSending(null);
    if (sent && "claim" in sent) setClaim(sent.claim);
    if (sent && "problem" in sent) setProblem(sent.problem);
  };
  const waiting = (drafts.length > 0 || parked.length > 0) && (
    <Section title={m.claims_not_sent()}>
      {problem && <SendingMessage problem={problem} />}
      <Rows>
        {drafts.map((draft) => (
          <SavedClaim
            key={draft.id}
            draft={draft}
            isBusy={sending === draft.id}
            onSend={() => void send(draft.id)}
          />
        ))}
        {parked.length > 0 && <ParkedInvoices account={account} parked={parked} />}
      </Rows>
    </Section>
  );
  return (
    <>
      {claim && (
        <Message kind="success" title={m.claims_sent_title()} isAlert>
          <p>
            <a href={claimPath(claim)}>{m.claims_sent_open()}</a>
          </p>
        </Message>
      )}
      {waiting}
    </>
  );
}

interface SavedClaimProps {
  readonly draft: ClaimDraft;
  readonly isBusy: boolean;
  readonly onSend: () => void;
}

function SavedClaim({ draft, isBusy, onSend }: SavedClaimProps): JSX.Element {
  const { id, title, kind, contract, startedAt, problem, sending } = draft;
  const name = title || (kind ? claimKindName(kind) : m.claims_new());
  if (!sending && !problem) {
    return (
      <Row
        title={name}
        detail={m.claims_draft_begun({ time: formatDateTime(startedAt) })}
        href={claimDraftPath(id, nextStep(draft))}
      />
    );
  }
  const why = problem?.kind === "network" ? m.claims_waits_for_network() : m.claims_not_sent_yet();
  return (
    <Row
      title={<a href={claimDraftPath(id, "pruefen")}>{name}</a>}
      detail={[m.claims_saved_pdf(), contract?.productName, why].filter(Boolean).join(" · ")}
      action={
        <Button isBusy={isBusy} onClick={onSend}>
          {m.claims_send()}
          <span class="visually-hidden"> {name}</span>
        </Button>
      }
    />
  );
}

function nextStep({ contract, pages, hasPdf }: ClaimDraft): ClaimStep {
  if (!contract) return "vertrag";
  return pages.length > 0 && hasPdf ? "pruefen" : "seiten";
}
