/** "Rechnung einreichen": what it is, before anything else (F50). */
import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import type { ClaimDesk } from "../../graphql/claimFacts";
import { kindsOf, placeFor } from "../../lib/claimFacts";
import { claimDraftPath, paths } from "../../lib/paths";
import { askToPersist } from "../../lib/secretStore";
import { m } from "../../paraglide/messages.js";
import { Page } from "../../ui/Page";
import { DeskGate } from "./DeskGate";
import { KindStep, type KindValues } from "./KindStep";
import { NothingToPick } from "./NothingToPick";
import { PhoneOnly } from "./PhoneOnly";

export function NewClaimPage(): JSX.Element {
  const { route, query } = useLocation();
  const isToPark = query.sammeln !== undefined;
  const begin = async ({ drafts, facts }: ClaimDesk, { kind, title }: KindValues) => {
    // Who comes from a contract need not pick it again.
    const from = placeFor(facts, kind, { id: query.vertrag ?? "" })?.contract ?? null;
    askToPersist();
    const draft = await drafts.begin({ kind, title, contract: from, isToPark });
    route(claimDraftPath(draft.id, from ? "seiten" : "vertrag"));
  };
  return (
    <Page
      title={isToPark ? m.parked_new() : m.claims_new()}
      lead={m.claims_step_of({ step: "1" })}
      back={
        isToPark
          ? { href: paths.parkedInvoices, label: m.parked_title() }
          : { href: paths.claims, label: m.claims_title() }
      }
    >
      <DeskGate>
        {(desk) => {
          const kinds = kindsOf(desk.facts);
          const { phoneOnly } = desk.facts;
          const hasKinds = kinds.length > 0;
          return (
            <div class="sections">
              {phoneOnly.length > 0 && <PhoneOnly institutions={phoneOnly} hasOthers={hasKinds} />}
              {hasKinds && <KindStep kinds={kinds} onDone={(values) => begin(desk, values)} />}
              {!hasKinds && phoneOnly.length === 0 && <NothingToPick />}
            </div>
          );
        }}
      </DeskGate>
    </Page>
  );
}
