/** Parked invoices handed in together: exactly what is sent of several parked invoices, and one button that sends it (X10, F58, F60). */
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { useLocation } from "preact-iso";
import type { ClaimDesk } from "../../graphql/claimFacts";
import type { ParkedInvoice } from "../../lib/parkedInvoices";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Page } from "../../ui/Page";
import { RefusedState } from "../../ui/RefusedState";
import { Skeleton } from "../../ui/Skeleton";
import { useParkedInvoices } from "../../ui/useParkedInvoices";
import { DeskGate } from "./DeskGate";
import { HandInTogether } from "./HandInTogether";

export function HandInTogetherPage(): JSX.Element {
  const { query } = useLocation();
  const ids = (query.rechnungen ?? "").split(",");
  return (
    <Page
      title={m.claims_review_title()}
      lead={m.parked_review_lead()}
      back={{ href: paths.parkedInvoices, label: m.parked_title() }}
    >
      <DeskGate>{(desk) => <Picked desk={desk} ids={ids} />}</DeskGate>
    </Page>
  );
}

interface PickedProps {
  readonly desk: ClaimDesk;
  readonly ids: readonly string[];
}

function Picked({ desk, ids }: PickedProps): JSX.Element {
  const parked = useParkedInvoices(desk.account);
  // They stay on the screen while they are sent, although they are not parked any more by then.
  const known = useRef<readonly ParkedInvoice[] | null>(null);
  known.current ??= parked;
  if (!known.current) return <Skeleton rows={6} />;
  const picked = known.current.filter(({ id }) => ids.includes(id));
  const [first] = picked;
  // An address that was written by hand: what differs is another claim.
  const fits = picked.filter(
    ({ kind, contract }) => kind === first?.kind && contract.id === first.contract.id,
  );
  if (first) return <HandInTogether desk={desk} invoices={fits} />;
  return (
    <RefusedState title={m.parked_review_gone_title()}>
      <p>{m.parked_review_gone_text()}</p>
      <p>
        <Button kind="secondary" href={paths.parkedInvoices}>
          {m.parked_to_list()}
        </Button>
      </p>
    </RefusedState>
  );
}
