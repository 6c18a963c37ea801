/** Where the mail's link leads: the address and then the phone are proved, and the account is open (F1). */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useSession } from "../../lib/session";
import type { ServerSession } from "../../lib/sessionClock";
import { m } from "../../paraglide/messages.js";
import { Page } from "../../ui/Page";
import { AddressStep } from "./AddressStep";
import { keepRegistration, type OpenRegistration, takeRegistration } from "./openRegistration";
import { PhoneStep } from "./PhoneStep";
import { RegistrationDone } from "./RegistrationDone";
import { RegistrationRefused } from "./RegistrationRefused";
import { StepLead } from "./StepLead";

export function ConfirmRegistrationPage(): JSX.Element {
  const { begin } = useSession();
  const [open, setOpen] = useState(takeRegistration);
  const [refusal, setRefusal] = useState<string>(m.registration_link_broken());
  const [isDone, setDone] = useState(false);

  const goOn = (next: OpenRegistration) => setOpen(keepRegistration(next));
  const refuse = (message: string) => {
    setRefusal(message);
    setOpen(keepRegistration(null));
  };
  const enter = (session: ServerSession) => {
    keepRegistration(null);
    setDone(true);
    begin(session);
  };

  if (isDone) {
    return (
      <Page key="done" title={m.registration_done_title()}>
        <RegistrationDone />
      </Page>
    );
  }
  if (open?.registration) {
    return (
      <Page key="phone" title={m.registration_phone_title()} lead={<StepLead step={3} />}>
        <PhoneStep
          registration={open.registration}
          maskedPhoneNumber={open.maskedPhoneNumber ?? ""}
          onSignedIn={enter}
          onRefused={refuse}
        />
      </Page>
    );
  }
  if (open?.token) {
    return (
      <Page
        key="address"
        title={m.registration_address_title()}
        lead={<StepLead step={2}>{m.registration_address_lead()}</StepLead>}
      >
        <AddressStep token={open.token} onConfirmed={goOn} onRefused={refuse} />
      </Page>
    );
  }
  return (
    <Page key="refused" title={m.registration_title()}>
      <RegistrationRefused message={refusal} />
    </Page>
  );
}
