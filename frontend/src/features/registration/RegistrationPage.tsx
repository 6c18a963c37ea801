/** First step to an account: what we need to know, and the two texts (F1–F4, F20). */
import type { JSX } from "preact";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { FailedState } from "../../ui/FailedState";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { MailSent } from "./MailSent";
import { RegistrationForm } from "./RegistrationForm";
import { useRegistrationDraft } from "./registrationDraft";
import { StepLead } from "./StepLead";
import { useTerms } from "./useTerms";

export function RegistrationPage(): JSX.Element {
  const [draft, change] = useRegistrationDraft();
  const { terms, error, refetch } = useTerms();
  if (draft.sent) {
    return (
      <Page key="sent" title={m.registration_sent_title()} lead={<StepLead step={2} />}>
        <MailSent draft={draft} sent={draft.sent} onChange={change} />
      </Page>
    );
  }
  return (
    <Page
      key="form"
      title={m.registration_title()}
      lead={<StepLead step={1}>{m.registration_lead()}</StepLead>}
      back={{ href: paths.signIn, label: m.sign_in_title() }}
    >
      {error && <FailedState error={error} onRetry={refetch} />}
      {!terms && !error && <Skeleton rows={8} />}
      {terms && (
        <RegistrationForm draft={draft} terms={terms} onChange={change} onOutdated={refetch} />
      )}
    </Page>
  );
}
