/** "Passwort ändern": the form, then what the change has ended (F18, X4). */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { formatCount } from "../../lib/format";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { Changed } from "./Changed";
import { type PasswordChanged, PasswordChangeForm } from "./PasswordChangeForm";

const ChangePasswordPageQuery = graphql(`
  query ChangePasswordPage {
    viewer {
      id
      emailAddress
    }
  }
`);

export function ChangePasswordPage(): JSX.Element {
  const [changed, setChanged] = useState<PasswordChanged | null>(null);
  if (changed) {
    return (
      <Changed title={m.profile_password_done_title()} receipt={changed.receipt}>
        <p>{endedText(changed.endedSessions)}</p>
        <p>{m.profile_password_done_text()}</p>
      </Changed>
    );
  }
  return (
    <Page
      title={m.profile_password_change()}
      lead={m.profile_password_lead()}
      back={{ href: paths.settings, label: m.profile_settings() }}
    >
      <ViewerQuery
        query={ChangePasswordPageQuery}
        variables={{}}
        pending={<Skeleton rows={4} shape="text" />}
      >
        {(viewer) => (
          <PasswordChangeForm emailAddress={viewer.emailAddress} onChanged={setChanged} />
        )}
      </ViewerQuery>
    </Page>
  );
}

function endedText(count: number): string {
  if (count === 0) return m.profile_password_ended_none();
  if (count === 1) return m.profile_password_ended_one();
  return m.profile_password_ended_other({ count: formatCount(count) });
}
