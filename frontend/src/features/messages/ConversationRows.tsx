/** Conversations as rows: those with new answers marked. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { conversationPath } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { DateText } from "../../ui/DateText";
import { Row } from "../../ui/Row";
import { Rows } from "../../ui/Rows";

export const ConversationRowsFragment = graphql(`
  fragment ConversationRows on ConversationConnection {
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      id
      subject
      unreadCount
      lastMessageAt
      institution {
        id
        name
      }
    }
  }
`);

export function ConversationRows({
  conversations,
}: {
  readonly conversations: FragmentOf<typeof ConversationRowsFragment>;
}): JSX.Element {
  const { nodes } = readFragment(ConversationRowsFragment, conversations);
  return (
    <Rows>
      {nodes.map((conversation) => (
        <Row
          key={conversation.id}
          href={conversationPath(conversation.id)}
          isMarked={conversation.unreadCount > 0}
          title={
            <>
              {conversation.unreadCount > 0 && (
                <span class="visually-hidden">{m.messages_new_answer()}: </span>
              )}
              {conversation.subject}
            </>
          }
          figure={<DateText date={conversation.lastMessageAt} isShort />}
          detail={conversation.institution.name}
        />
      ))}
    </Rows>
  );
}
