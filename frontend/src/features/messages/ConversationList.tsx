/** Conversations page by page; without any it says what they are for. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { m } from "../../paraglide/messages.js";
import { EmptyState } from "../../ui/EmptyState";
import { LoadMore } from "../../ui/LoadMore";
import { MoreRows } from "../../ui/MoreRows";
import { Skeleton } from "../../ui/Skeleton";
import { ConversationRows, ConversationRowsFragment } from "./ConversationRows";

const PAGE_SIZE = 20;

const MoreConversationsQuery = graphql(
  `
    query MoreConversations($after: String) {
      viewer {
        id
        conversations(first: 20, after: $after) {
          ...ConversationRows
        }
      }
    }
  `,
  [ConversationRowsFragment],
);

interface ConversationListProps {
  readonly conversations: FragmentOf<typeof ConversationRowsFragment>;
  readonly total: number;
  readonly isRefreshing: boolean;
}

export function ConversationList({
  conversations,
  total,
  isRefreshing,
}: ConversationListProps): JSX.Element {
  const [cursors, setCursors] = useState<string[]>([]);
  if (total === 0) {
    return (
      <EmptyState title={m.messages_empty_title()}>
        <p>{m.messages_empty_text()}</p>
      </EmptyState>
    );
  }
  const more = (page: FragmentOf<typeof ConversationRowsFragment>, index: number) => {
    const { endCursor, hasNextPage } = readFragment(ConversationRowsFragment, page).pageInfo;
    if (index < cursors.length || (index === 0 && !hasNextPage)) return null;
    return (
      <LoadMore
        shown={Math.min(total, PAGE_SIZE * (index + 1))}
        total={total}
        hasMore={hasNextPage}
        isBusy={isRefreshing}
        onMore={() => endCursor && setCursors([...cursors, endCursor])}
      />
    );
  };
  return (
    <div class="stack" aria-busy={isRefreshing}>
      <ConversationRows conversations={conversations} />
      {more(conversations, 0)}
      {cursors.map((after, index) => (
        <ViewerQuery
          key={after}
          query={MoreConversationsQuery}
          variables={{ after }}
          pending={<Skeleton rows={6} />}
        >
          {({ conversations: page }) => (
            <MoreRows>
              <ConversationRows conversations={page} />
              {more(page, index + 1)}
            </MoreRows>
          )}
        </ViewerQuery>
      ))}
    </div>
  );
}
