/** "Mobilnummer ändern": approved by the old number, confirmed by the new one (F18, F20). */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { Changed } from "./Changed";
import { ConfirmPhoneNumberForm } from "./ConfirmPhoneNumberForm";
import { PhoneNumberForm, type PhoneNumberToConfirm } from "./PhoneNumberForm";

const ChangePhoneNumberPageQuery = graphql(`
  query ChangePhoneNumberPage {
    viewer {
      id
      maskedPhoneNumber
    }
  }
`);

const back = () => ({ href: paths.settings, label: m.profile_settings() });

export function ChangePhoneNumberPage(): JSX.Element {
  const [toConfirm, setToConfirm] = useState<PhoneNumberToConfirm | null>(null);
  const [changed, setChanged] = useState<string | null>(null);
  if (changed && toConfirm) {
    return (
      <Changed title={m.profile_phone_done_title()} receipt={toConfirm.receipt}>
        <p>{m.profile_phone_done_text({ phone: changed })}</p>
        <p>{m.profile_phone_done_session()}</p>
      </Changed>
    );
  }
  if (toConfirm) {
    return (
      <Page
        key="confirm"
        title={m.profile_phone_confirm_title()}
        lead={m.profile_phone_confirm_lead({ phone: toConfirm.maskedPhoneNumber })}
        back={back()}
      >
        <ConfirmPhoneNumberForm
          toConfirm={toConfirm}
          onChanged={setChanged}
          onStartAgain={() => setToConfirm(null)}
        />
      </Page>
    );
  }
  return (
    <ViewerQuery
      query={ChangePhoneNumberPageQuery}
      variables={{}}
      pending={
        <Page title={m.profile_phone_change()} back={back()}>
          <Skeleton rows={2} shape="text" />
        </Page>
      }
    >
      {(viewer) => (
        <Page
          title={m.profile_phone_change()}
          lead={m.profile_phone_lead({ phone: viewer.maskedPhoneNumber })}
          back={back()}
        >
          <PhoneNumberForm onSent={setToConfirm} />
        </Page>
      )}
    </ViewerQuery>
  );
}
