/** A contract of another company: plainly marked, with its files; all of it can be changed or removed. */
import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { lineOfBusinessName, paymentFrequencyName } from "../../lib/contractWords";
import { paths, selfAddedPath } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { DataList } from "../../ui/DataList";
import { DateText } from "../../ui/DateText";
import { Message } from "../../ui/Message";
import { Money } from "../../ui/Money";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { RemoveSelfAdded } from "./RemoveSelfAdded";
import { SelfAddedFiles, SelfAddedFilesFragment } from "./SelfAddedFiles";
import { SelfAddedNotFound } from "./SelfAddedNotFound";

const SelfAddedQuery = graphql(
  `
    query SelfAdded($id: ID!) {
      viewer {
        id
      }
      node(id: $id) {
        __typename
        ... on SelfAddedContract {
          id
          lineOfBusiness
          company
          number
          premium {
            amount
            currency
          }
          paymentFrequency
          nextDueDate
          startDate
          endDate
          ...SelfAddedFiles
        }
      }
    }
  `,
  [SelfAddedFilesFragment],
);

export function SelfAddedPage({ id }: { readonly id: string }): JSX.Element {
  const { query } = useLocation();
  const done =
    "neu" in query
      ? m.self_added_saved_new()
      : "gespeichert" in query
        ? m.self_added_saved()
        : null;
  const back = { href: paths.contracts, label: m.contracts_title() };
  return (
    <ViewerQuery
      query={SelfAddedQuery}
      variables={{ id }}
      pending={
        <Page title={m.contracts_overview_title()} back={back}>
          <Skeleton rows={6} shape="text" />
        </Page>
      }
    >
      {(_viewer, { data: { node } }) => {
        if (node?.__typename !== "SelfAddedContract") return <SelfAddedNotFound />;
        const frequency = paymentFrequencyName(node.paymentFrequency);
        return (
          <Page
            title={lineOfBusinessName(node.lineOfBusiness)}
            lead={`${node.company} · ${m.self_added_mark()}`}
            back={back}
          >
            <div class="sections">
              {done && (
                <Message kind="success" isAlert>
                  <p>{done}</p>
                </Message>
              )}
              <p class="muted">{m.self_added_lead()}</p>
              <DataList
                items={[
                  [m.self_added_company(), node.company],
                  [m.contracts_number(), node.number],
                  [m.contracts_start(), node.startDate && <DateText date={node.startDate} />],
                  [m.contracts_end(), node.endDate && <DateText date={node.endDate} />],
                  [
                    m.contracts_premium(),
                    node.premium && (
                      <>
                        <Money {...node.premium} /> {frequency}
                      </>
                    ),
                  ],
                  [
                    m.contracts_next_due(),
                    node.nextDueDate && <DateText date={node.nextDueDate} />,
                  ],
                ]}
              />
              <SelfAddedFiles contract={node} />
              <div class="buttons">
                <Button href={`${selfAddedPath(node.id)}/aendern`}>{m.self_added_change()}</Button>
                <RemoveSelfAdded id={node.id} company={node.company} />
              </div>
            </div>
          </Page>
        );
      }}
    </ViewerQuery>
  );
}
