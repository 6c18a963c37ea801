/** Institutions that take nothing from a desktop browser: said plainly, with the way to the phone (F49). */
import type { JSX } from "preact";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Message } from "../../ui/Message";
import { QrCode } from "../../ui/QrCode";
import { RefusedState } from "../../ui/RefusedState";

interface PhoneOnlyProps {
  readonly institutions: readonly string[];
  /** Whether others take something here. */
  readonly hasOthers: boolean;
}

export function PhoneOnly({ institutions, hasOthers }: PhoneOnlyProps): JSX.Element {
  const reason = <p>{m.claims_phone_only_text({ institution: institutions.join(", ") })}</p>;
  if (hasOthers) return <Message title={m.claims_phone_only_title()}>{reason}</Message>;
  const address = new URL(paths.newClaim, location.origin).href;
  return (
    <RefusedState title={m.claims_phone_only_title()}>
      {reason}
      <p>{m.claims_phone_only_code()}</p>
      <QrCode text={address} label={m.claims_phone_only_code_label({ address })} />
      <p>{m.claims_phone_only_post()}</p>
    </RefusedState>
  );
}
