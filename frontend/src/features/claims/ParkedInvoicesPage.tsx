/** "Gesammelte Rechnungen": kept on this device, what they add up to, handed in together (X10). */
import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import type { ClaimDesk } from "../../graphql/claimFacts";
import { byContract } from "../../lib/parkedInvoices";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { Message } from "../../ui/Message";
import { Page } from "../../ui/Page";
import { SavedClaims } from "../../ui/SavedClaims";
import { Skeleton } from "../../ui/Skeleton";
import { useParkedInvoices } from "../../ui/useParkedInvoices";
import { DeskGate } from "./DeskGate";
import { ParkedOnContract } from "./ParkedOnContract";

export function ParkedInvoicesPage(): JSX.Element {
  const { query } = useLocation();
  // A number and nothing else: a link of somebody else's must not write into the page.
  const [sent] = query.gesendet?.match(/^\d{1,3}$/) ?? [];
  return (
    <Page
      title={m.parked_title()}
      lead={m.parked_lead()}
      back={{ href: paths.claims, label: m.claims_title() }}
    >
      <div class="sections">
        {sent && (
          <Message kind="success" isAlert title={m.parked_sent_title({ count: sent })}>
            <p>{m.claims_sent_short()}</p>
          </Message>
        )}
        <DeskGate>{(desk) => <ParkedInvoices desk={desk} />}</DeskGate>
      </div>
    </Page>
  );
}

function ParkedInvoices({ desk }: { readonly desk: ClaimDesk }): JSX.Element {
  const invoices = useParkedInvoices(desk.account);
  if (!invoices) return <Skeleton rows={4} />;
  return (
    <div class="sections">
      <div>
        <Button kind={invoices.length > 0 ? "secondary" : "primary"} href={paths.parkInvoice}>
          {m.parked_new()}
        </Button>
      </div>
      <SavedClaims account={desk.account} isBesideParked />
      {invoices.length === 0 ? (
        <EmptyState title={m.parked_empty()}>
          <p>{m.parked_empty_text()}</p>
        </EmptyState>
      ) : (
        byContract(invoices).map((parked) => (
          <ParkedOnContract key={parked.contract.id} desk={desk} parked={parked} />
        ))
      )}
      <Message title={m.parked_only_here_title()}>
        <p>{m.parked_only_here_text()}</p>
      </Message>
    </div>
  );
}
