/** "Daten löschen": exactly what the customer added goes; the page says what and what stays (F10, F11). */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { problemsOf, RefusalFragment } from "../../graphql/refusal";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { formatCount } from "../../lib/format";
import { useFormProblems } from "../../lib/formProblems";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { Form } from "../../ui/Form";
import { Message } from "../../ui/Message";
import { Page } from "../../ui/Page";
import { Row } from "../../ui/Row";
import { Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";
import { Skeleton } from "../../ui/Skeleton";

const DeleteSelfAddedQuery = graphql(`
  query DeleteSelfAdded {
    viewer {
      id
      selfAdded {
        contractCount
        documentCount
        accountCount
        transactionCount
      }
    }
  }
`);

const DeleteSelfAddedDataMutation = graphql(
  `
    mutation DeleteSelfAddedData {
      deleteSelfAddedData {
        __typename
        ... on SelfAddedData {
          contractCount
        }
        ...Refusal
      }
    }
  `,
  [RefusalFragment],
);

export function DeleteSelfAddedPage(): JSX.Element {
  const [{ fetching }, remove] = useMutation(DeleteSelfAddedDataMutation);
  const [isDone, setDone] = useState(false);
  const problems = useFormProblems();
  const back = { href: paths.settings, label: m.profile_settings() };
  const submit = async () => {
    problems.refuse([]);
    const answer = await remove(
      {},
      { additionalTypenames: ["SelfAddedContract", "SelfAddedAccount"] },
    );
    const result = answer.data?.deleteSelfAddedData;
    if (result?.__typename !== "SelfAddedData") return problems.refuse(problemsOf(result));
    setDone(true);
  };
  if (isDone) {
    return (
      <Page key="done" title={m.self_added_deleted_title()} back={back}>
        <Message kind="success">
          <p>{m.self_added_deleted_text()}</p>
        </Message>
        <div class="buttons">
          <Button href={paths.contracts}>{m.contracts_to_list()}</Button>
        </div>
      </Page>
    );
  }
  return (
    <Page title={m.self_added_delete_title()} lead={m.self_added_delete_lead()} back={back}>
      <ViewerQuery query={DeleteSelfAddedQuery} variables={{}} pending={<Skeleton rows={6} />}>
        {({ selfAdded }) =>
          selfAdded.contractCount + selfAdded.accountCount === 0 ? (
            <EmptyState title={m.self_added_delete_nothing_title()}>
              <p>{m.self_added_delete_nothing_text()}</p>
            </EmptyState>
          ) : (
            <div class="sections">
              <Section title={m.self_added_delete_goes()}>
                <Rows>
                  {counts(selfAdded).map(([title, count]) => (
                    <Row key={title} title={title} figure={formatCount(count)} />
                  ))}
                </Rows>
              </Section>
              <Section title={m.self_added_delete_stays()}>
                <Rows>
                  <Row title={m.self_added_delete_stays_account()} />
                  <Row title={m.self_added_delete_stays_delivery()} />
                  <Row title={m.self_added_delete_stays_consents()} />
                  <Row title={m.self_added_delete_stays_contracts()} />
                </Rows>
              </Section>
              <Message kind="warning">
                <p>{m.self_added_delete_warning()}</p>
              </Message>
              <Form errors={problems.summary} isBusy={fetching} onSubmit={() => void submit()}>
                <div class="buttons">
                  <Button type="submit" isBusy={fetching}>
                    {m.self_added_delete_action()}
                  </Button>
                  <Button kind="secondary" href={paths.settings}>
                    {m.self_added_delete_keep()}
                  </Button>
                </div>
              </Form>
            </div>
          )
        }
      </ViewerQuery>
    </Page>
  );
}

interface Counted {
  readonly contractCount: number;
  readonly documentCount: number;
  readonly accountCount: number;
  readonly transactionCount: number;
}

/** What there is of each kind, and what goes with it. */
function counts(data: Counted): [string, number][] {
  const contracts: [string, number][] = [
    [m.self_added_delete_contracts(), data.contractCount],
    [m.self_added_delete_documents(), data.documentCount],
  ];
  const accounts: [string, number][] = [
    [m.self_added_delete_accounts(), data.accountCount],
    [m.self_added_delete_transactions(), data.transactionCount],
  ];
  return [...(data.contractCount > 0 ? contracts : []), ...(data.accountCount > 0 ? accounts : [])];
}
