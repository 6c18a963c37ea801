/** "Quittungen": the proof of everything the customer submitted or approved (M1, X8). */
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { EmptyState } from "../../ui/EmptyState";
import { Page } from "../../ui/Page";
import { Section } from "../../ui/Section";
import { Skeleton } from "../../ui/Skeleton";
import { ReceiptPages, ReceiptPagesFragment } from "./ReceiptPages";

const ReceiptsQuery = graphql(
  `
    query Receipts {
      viewer {
        id
        receipts(first: 20) {
          totalCount
          ...ReceiptPages
        }
      }
    }
  `,
  [ReceiptPagesFragment],
);

export function ReceiptsPage(): JSX.Element {
  return (
    <Page
      title={m.receipts_title()}
      lead={m.receipts_lead()}
      back={{ href: paths.profile, label: m.profile_title() }}
    >
      <div class="sections">
        <ViewerQuery query={ReceiptsQuery} variables={{}} pending={<Skeleton rows={6} />}>
          {({ receipts }, { isRefreshing }) =>
            receipts.totalCount === 0 ? (
              <EmptyState title={m.receipts_empty()}>
                <p>{m.receipts_empty_text()}</p>
              </EmptyState>
            ) : (
              <ReceiptPages receipts={receipts} isRefreshing={isRefreshing} />
            )
          }
        </ViewerQuery>
        <Section title={m.receipts_keep_title()}>
          <p>{m.receipts_keep_text()}</p>
          <p>
            <a href={paths.verifyReceipt}>{m.receipts_verify()}</a>. {m.receipts_verify_text()}
          </p>
        </Section>
      </div>
    </Page>
  );
}
