/** A message to the support desk; without one, whom to ask instead (F125–F127). */
import { readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { ContactFragment } from "../../ui/Contact";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { DiagnosticsFragment } from "./diagnostics";
import { NoSupport } from "./NoSupport";
import { SupportRequestSteps } from "./SupportRequestSteps";

const SupportRequestQuery = graphql(
  `
    query SupportRequest {
      portal {
        customerService {
          ...Contact
        }
        support {
          name
        }
      }
      viewer {
        id
        diagnostics {
          ...Diagnostics
        }
      }
    }
  `,
  [ContactFragment, DiagnosticsFragment],
);

export function SupportRequestPage(): JSX.Element {
  const frame = {
    title: m.support_title(),
    back: { href: paths.diagnostics, label: m.support_data_title() },
  };
  return (
    <ViewerQuery
      query={SupportRequestQuery}
      variables={{}}
      pending={
        <Page {...frame}>
          <Skeleton rows={6} shape="text" />
        </Page>
      }
    >
      {(viewer, { data: { portal } }) =>
        portal.support ? (
          <SupportRequestSteps
            viewer={viewer.id}
            desk={portal.support.name}
            known={readFragment(DiagnosticsFragment, viewer.diagnostics)}
          />
        ) : (
          <Page {...frame}>
            <NoSupport contact={portal.customerService} />
          </Page>
        )
      }
    </ViewerQuery>
  );
}
