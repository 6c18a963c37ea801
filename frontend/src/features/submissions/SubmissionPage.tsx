/** One submission: its way, why it was refused, its receipt, and whom to ask (M2, X8). */
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { ContactFragment } from "../../ui/Contact";
import { Page } from "../../ui/Page";
import { RefusedState } from "../../ui/RefusedState";
import { Skeleton } from "../../ui/Skeleton";
import { SubmissionView, SubmissionViewFragment } from "./SubmissionView";

const SubmissionQuery = graphql(
  `
    query Submission($id: ID!) {
      viewer {
        id
      }
      portal {
        customerService {
          ...Contact
        }
      }
      node(id: $id) {
        __typename
        ... on Submission {
          id
          subject
          institution {
            id
            name
          }
          ...SubmissionView
        }
      }
    }
  `,
  [ContactFragment, SubmissionViewFragment],
);

const back = () => ({ href: paths.submissions, label: m.submissions_title() });

export function SubmissionPage({ id }: { readonly id: string }): JSX.Element {
  return (
    <ViewerQuery
      query={SubmissionQuery}
      variables={{ id }}
      pending={
        <Page title={m.submissions_one_title()} back={back()}>
          <Skeleton rows={6} shape="text" />
        </Page>
      }
    >
      {(_viewer, { data: { node, portal } }) =>
        node?.__typename === "Submission" ? (
          <Page title={node.subject} lead={node.institution.name} back={back()}>
            <SubmissionView submission={node} contact={portal.customerService} />
          </Page>
        ) : (
          <Page title={m.submissions_one_title()} back={back()}>
            <RefusedState title={m.submissions_not_found_title()}>
              <p>{m.submissions_not_found_text()}</p>
              <p>
                <Button kind="secondary" href={paths.submissions}>
                  {m.submissions_to_all()}
                </Button>
              </p>
            </RefusedState>
          </Page>
        )
      }
    </ViewerQuery>
  );
}
