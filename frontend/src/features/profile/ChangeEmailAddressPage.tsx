/** "E-Mail-Adresse ändern": the form, then what to do with the link that was sent (F18). */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { formatDateTime } from "../../lib/format";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { Changed } from "./Changed";
import { EmailAddressForm, type EmailAddressToConfirm } from "./EmailAddressForm";

const ChangeEmailAddressPageQuery = graphql(`
  query ChangeEmailAddressPage {
    viewer {
      id
      emailAddress
    }
  }
`);

const back = () => ({ href: paths.settings, label: m.profile_settings() });

export function ChangeEmailAddressPage(): JSX.Element {
  const [sent, setSent] = useState<EmailAddressToConfirm | null>(null);
  if (sent) {
    return (
      <Changed title={m.profile_email_sent_title()} receipt={sent.receipt}>
        <p>
          {m.profile_email_sent_text({
            email: sent.emailAddress,
            time: formatDateTime(sent.expiresAt),
          })}
        </p>
        <p>{m.profile_email_sent_until()}</p>
      </Changed>
    );
  }
  return (
    <ViewerQuery
      query={ChangeEmailAddressPageQuery}
      variables={{}}
      pending={
        <Page title={m.profile_email_change()} back={back()}>
          <Skeleton rows={2} shape="text" />
        </Page>
      }
    >
      {(viewer) => (
        <Page
          title={m.profile_email_change()}
          lead={m.profile_email_lead({ email: viewer.emailAddress })}
          back={back()}
        >
          <EmailAddressForm present={viewer.emailAddress} onSent={setSent} />
        </Page>
      )}
    </ViewerQuery>
  );
}
