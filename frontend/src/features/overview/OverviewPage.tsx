/** The start page: what waits, the post, the contracts, the services. */
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { m } from "../../paraglide/messages.js";
import { ContactFragment } from "../../ui/Contact";
import { Page } from "../../ui/Page";
import { SavedClaims } from "../../ui/SavedClaims";
import { Section } from "../../ui/Section";
import { ServiceLinks } from "../../ui/ServiceLinks";
import { Skeleton } from "../../ui/Skeleton";
import { OverviewContracts, OverviewContractsFragment } from "./OverviewContracts";
import styles from "./OverviewPage.module.css";
import { OverviewPostbox, OverviewPostboxFragment } from "./OverviewPostbox";
import { ToDo, ToDoFragment } from "./ToDo";

const OverviewQuery = graphql(
  `
    query Overview {
      portal {
        customerService {
          ...Contact
        }
      }
      viewer {
        id
        displayName
        noticeFailedAt
        postbox {
          ...OverviewPostbox
        }
        ...ToDo
        ...OverviewContracts
      }
    }
  `,
  [ContactFragment, OverviewPostboxFragment, ToDoFragment, OverviewContractsFragment],
);

export function OverviewPage(): JSX.Element {
  return (
    <ViewerQuery
      query={OverviewQuery}
      variables={{}}
      pending={
        <Page title={m.overview_title()} isWide>
          <Skeleton rows={6} />
        </Page>
      }
    >
      {(viewer, { data }) => (
        <Page title={m.overview_greeting({ name: viewer.displayName })} isWide>
          <SavedClaims account={viewer.id} />
          <ToDo viewer={viewer} />
          <div class={styles.columns}>
            <div class={styles.postbox}>
              <OverviewPostbox
                postbox={viewer.postbox}
                isReached={viewer.noticeFailedAt === null}
              />
            </div>
            <div class={styles.contracts}>
              <OverviewContracts viewer={viewer} contact={data.portal.customerService} />
            </div>
            <div class={styles.services}>
              <Section title={m.overview_services()}>
                <ServiceLinks />
              </Section>
            </div>
          </div>
        </Page>
      )}
    </ViewerQuery>
  );
}
