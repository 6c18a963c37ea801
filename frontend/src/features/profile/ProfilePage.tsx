/** The customer's own corner: settings, security, language, sign out. */
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Page } from "../../ui/Page";
import { Row } from "../../ui/Row";
import { Rows } from "../../ui/Rows";
import { Skeleton } from "../../ui/Skeleton";
import { UnsentClaims } from "../../ui/UnsentClaims";
import { DisplayChoice } from "./DisplayChoice";
import { SignOut } from "./SignOut";

const ProfileQuery = graphql(`
  query Profile {
    viewer {
      id
      displayName
      emailAddress
    }
  }
`);

export function ProfilePage(): JSX.Element {
  return (
    <ViewerQuery
      query={ProfileQuery}
      variables={{}}
      pending={
        <Page title={m.profile_title()}>
          <Skeleton rows={3} />
        </Page>
      }
    >
      {(viewer) => (
        <Page title={m.profile_title()} lead={`${viewer.displayName}, ${viewer.emailAddress}`}>
          <div class="sections">
            <Rows>
              <Row
                href={paths.settings}
                title={m.profile_settings()}
                detail={m.profile_settings_detail()}
              />
              <Row
                href={paths.security}
                title={m.profile_security()}
                detail={m.profile_security_detail()}
              />
              <Row href={paths.receipts} title={m.receipts_title()} detail={m.receipts_detail()} />
              <Row
                href={paths.addContracts}
                title={m.contracts_add()}
                detail={m.profile_add_contracts_detail()}
              />
              <Row
                href={paths.diagnostics}
                title={m.support_data_title()}
                detail={m.support_data_detail()}
              />
            </Rows>
            <DisplayChoice />
            <UnsentClaims account={viewer.id} />
            <SignOut />
          </div>
        </Page>
      )}
    </ViewerQuery>
  );
}
