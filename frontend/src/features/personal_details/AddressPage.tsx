/** "Adresse ändern": for which companies and from when, a look at all of it, and the approval. */
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { AddressSteps, AddressStepsFragment } from "./AddressSteps";

const AddressQuery = graphql(
  `
    query Address {
      portal {
        today
        countries
      }
      viewer {
        id
        personalDetails {
          ...AddressSteps
        }
      }
    }
  `,
  [AddressStepsFragment],
);

export function AddressPage(): JSX.Element {
  return (
    <ViewerQuery
      query={AddressQuery}
      variables={{}}
      pending={
        <Page
          title={m.personal_details_change_address()}
          back={{ href: paths.personalDetails, label: m.personal_details_title() }}
        >
          <Skeleton rows={4} />
        </Page>
      }
    >
      {(viewer, { data }) => (
        <AddressSteps
          details={viewer.personalDetails}
          today={data.portal.today}
          countries={data.portal.countries}
        />
      )}
    </ViewerQuery>
  );
}
