/** "Benutzerkonto löschen": what goes, what stays locked until when, then the approval (F6). */
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { formatCount } from "../../lib/format";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Page } from "../../ui/Page";
import { Row } from "../../ui/Row";
import { Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";
import { Skeleton } from "../../ui/Skeleton";
import { UnsentClaims } from "../../ui/UnsentClaims";
import { DeleteAccount } from "./DeleteAccount";
import { LockedRecords, LockedRecordsFragment } from "./LockedRecords";

const DeleteAccountPageQuery = graphql(
  `
    query DeleteAccountPage {
      viewer {
        id
        emailAddress
        deletionPreview {
          contractCount
          documentCount
          ...LockedRecords
        }
      }
    }
  `,
  [LockedRecordsFragment],
);

export function DeleteAccountPage(): JSX.Element {
  return (
    <Page
      title={m.leaving_delete_title()}
      lead={m.leaving_delete_lead()}
      back={{ href: paths.settings, label: m.profile_settings() }}
    >
      <ViewerQuery query={DeleteAccountPageQuery} variables={{}} pending={<Skeleton rows={6} />}>
        {({ id, emailAddress, deletionPreview: preview }) => (
          <div class="sections">
            <Section title={m.leaving_goes_title()}>
              <Rows>
                <Row title={m.leaving_goes_account()} detail={m.leaving_goes_account_text()} />
                <Row
                  title={m.leaving_goes_documents()}
                  detail={m.leaving_goes_documents_text()}
                  figure={formatCount(preview.documentCount)}
                />
                <Row
                  title={m.leaving_goes_contracts()}
                  detail={m.leaving_goes_contracts_text()}
                  figure={formatCount(preview.contractCount)}
                />
              </Rows>
            </Section>
            <LockedRecords preview={preview} />
            <Section title={m.leaving_take_title()}>
              <p>{m.leaving_take_text()}</p>
              <Rows>
                <Row href={paths.takeData} title={m.export_title()} detail={m.export_lead()} />
              </Rows>
            </Section>
            <UnsentClaims account={id} areLost />
            <DeleteAccount account={id} emailAddress={emailAddress} />
          </div>
        )}
      </ViewerQuery>
    </Page>
  );
}
