/** "Namen ändern": the new name with its evidence, a look at all of it, and the approval (F37). */
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { NameSteps, NameStepsFragment } from "./NameSteps";

const NameQuery = graphql(
  `
    query Name {
      policy {
        largestAttachmentMegabytes
      }
      viewer {
        id
        familyName
        givenName
        personalDetails {
          ...NameSteps
        }
      }
    }
  `,
  [NameStepsFragment],
);

export function NamePage(): JSX.Element {
  return (
    <ViewerQuery
      query={NameQuery}
      variables={{}}
      pending={
        <Page
          title={m.personal_details_change_name()}
          back={{ href: paths.personalDetails, label: m.personal_details_title() }}
        >
          <Skeleton rows={4} />
        </Page>
      }
    >
      {(viewer, { data }) => (
        <NameSteps
          givenName={viewer.givenName}
          familyName={viewer.familyName}
          details={viewer.personalDetails}
          megabytes={data.policy.largestAttachmentMegabytes}
        />
      )}
    </ViewerQuery>
  );
}
