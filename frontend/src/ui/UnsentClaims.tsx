/** Before signing out or leaving: what lies on this device alone, and what becomes of it (F12). */
import type { JSX } from "preact";
import { parkedIn } from "../lib/parkedInvoices";
import { paths } from "../lib/paths";
import { m } from "../paraglide/messages.js";
import { Message } from "./Message";
import { useUnsentClaims } from "./useUnsentClaims";

interface UnsentClaimsProps {
  readonly account: string;
  /** They are deleted by what is about to happen. */
  readonly areLost?: boolean;
}

export function UnsentClaims({ account, areLost = false }: UnsentClaimsProps): JSX.Element | null {
  const drafts = useUnsentClaims(account);
  if (!drafts?.length) return null;
  const parked = parkedIn(drafts).length;
  return (
    <Message kind="warning" title={m.claims_unsent_title()}>
      <p>{areLost ? m.claims_unsent_lost() : m.claims_unsent_stays()}</p>
      {parked > 0 && (
        <p>
          {parked === 1 ? m.parked_unsent_one() : m.parked_unsent_other({ count: String(parked) })}{" "}
          <a href={paths.parkedInvoices}>{m.parked_to_list()}</a>
        </p>
      )}
      {drafts.length > parked && (
        <p>
          <a href={paths.claims}>{m.claims_to_unsent()}</a>
        </p>
      )}
    </Message>
  );
}
