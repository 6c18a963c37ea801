/** One conversation: what was written, and the field for what comes next (F84, F109). */
import { useMutation } from "@urql/preact";
import { readFragment } from "gql.tada";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { documentPath, paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { AttachableFragment } from "../../ui/attachable";
import { Button } from "../../ui/Button";
import { Page } from "../../ui/Page";
import { RefusedState } from "../../ui/RefusedState";
import { Section } from "../../ui/Section";
import { Skeleton } from "../../ui/Skeleton";
import { ComposeForm } from "./ComposeForm";
import { MessageItemsFragment } from "./MessageItems";
import { Thread } from "./Thread";

const ConversationQuery = graphql(
  `
    query Conversation($id: ID!) {
      policy {
        largestAttachmentMegabytes
      }
      viewer {
        id
      }
      node(id: $id) {
        __typename
        ... on Conversation {
          id
          subject
          unreadCount
          institution {
            id
            name
            ...Attachable
          }
          document {
            id
            subject
          }
          messages(first: 20) {
            totalCount
            ...MessageItems
          }
        }
      }
    }
  `,
  [AttachableFragment, MessageItemsFragment],
);

const MarkConversationReadMutation = graphql(`
  mutation MarkConversationRead($input: MarkConversationReadInput!) {
    markConversationRead(input: $input) {
      __typename
      ... on Conversation {
        id
        unreadCount
      }
      ... on Refusal {
        message
      }
    }
  }
`);

const back = () => ({ href: paths.messages, label: m.messages_title() });

export function ConversationPage({ id }: { readonly id: string }): JSX.Element {
  return (
    <ViewerQuery
      query={ConversationQuery}
      variables={{ id }}
      pending={
        <Page title={m.messages_conversation()} back={back()}>
          <Skeleton rows={8} shape="text" />
        </Page>
      }
    >
      {(viewer, { data: { node, policy } }) => {
        if (node?.__typename !== "Conversation") return <ConversationNotFound />;
        return (
          <Page title={node.subject} lead={node.institution.name} back={back()}>
            {node.unreadCount > 0 && <MarkAsRead id={node.id} />}
            {node.document && (
              <p>
                <a href={documentPath(node.document.id)}>{m.messages_to_letter()}</a>
              </p>
            )}
            <div class="sections">
              <Thread
                conversation={node.id}
                institution={node.institution.name}
                messages={node.messages}
                total={node.messages.totalCount}
              />
              <Section title={m.messages_answer_title()}>
                <ComposeForm
                  place={`${viewer.id}:${node.id}`}
                  institution={readFragment(AttachableFragment, node.institution)}
                  megabytes={policy.largestAttachmentMegabytes}
                  to={{ conversation: node.id }}
                />
              </Section>
            </div>
          </Page>
        );
      }}
    </ViewerQuery>
  );
}

/** Records that the answers were seen: looking at them is what a person does, not the query. */
function MarkAsRead({ id }: { readonly id: string }): null {
  const [, mark] = useMutation(MarkConversationReadMutation);
  useEffect(() => {
    void mark({ input: { conversation: id } });
  }, [id, mark]);
  return null;
}

function ConversationNotFound(): JSX.Element {
  return (
    <Page title={m.messages_conversation()} back={back()}>
      <RefusedState title={m.messages_not_found_title()}>
        <p>{m.messages_not_found_text()}</p>
        <p>
          <Button kind="secondary" href={paths.messages}>
            {m.messages_to_all()}
          </Button>
        </p>
      </RefusedState>
    </Page>
  );
}
