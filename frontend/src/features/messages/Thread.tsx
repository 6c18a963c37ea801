/** The messages of a conversation; older ones come on top when they are asked for. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Section } from "../../ui/Section";
import { Skeleton } from "../../ui/Skeleton";
import { MessageItems, MessageItemsFragment } from "./MessageItems";

const OlderMessagesQuery = graphql(
  `
    query OlderMessages($id: ID!, $after: String) {
      viewer {
        id
      }
      node(id: $id) {
        __typename
        ... on Conversation {
          id
          messages(first: 20, after: $after) {
            ...MessageItems
          }
        }
      }
    }
  `,
  [MessageItemsFragment],
);

interface ThreadProps {
  readonly conversation: string;
  readonly institution: string;
  readonly messages: FragmentOf<typeof MessageItemsFragment>;
  readonly total: number;
}

export function Thread({ conversation, institution, messages, total }: ThreadProps): JSX.Element {
  return (
    <Section
      title={total === 1 ? m.messages_count_one() : m.messages_count_other({ count: total })}
    >
      <Older conversation={conversation} institution={institution} before={messages} />
      <MessageItems messages={messages} institution={institution} />
    </Section>
  );
}

function Older({
  conversation,
  institution,
  before,
}: {
  readonly conversation: string;
  readonly institution: string;
  readonly before: FragmentOf<typeof MessageItemsFragment>;
}): JSX.Element | null {
  const { hasNextPage, endCursor } = readFragment(MessageItemsFragment, before).pageInfo;
  const [isAsked, setAsked] = useState(false);
  if (!hasNextPage) return null;
  if (!isAsked) {
    return (
      <p>
        <Button kind="secondary" onClick={() => setAsked(true)}>
          {m.messages_older()}
        </Button>
      </p>
    );
  }
  return (
    <ViewerQuery
      query={OlderMessagesQuery}
      variables={{ id: conversation, after: endCursor }}
      pending={<Skeleton rows={6} shape="text" />}
    >
      {(_viewer, { data: { node } }) =>
        node?.__typename === "Conversation" ? (
          <>
            <Older conversation={conversation} institution={institution} before={node.messages} />
            <MessageItems messages={node.messages} institution={institution} />
          </>
        ) : null
      }
    </ViewerQuery>
  );
}
