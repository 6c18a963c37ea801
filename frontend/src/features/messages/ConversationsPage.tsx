/** Conversations with the institutions, beside the folders of the postbox (F84). */
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Page } from "../../ui/Page";
import { PostboxTabs } from "../../ui/PostboxTabs";
import { Skeleton } from "../../ui/Skeleton";
import { ConversationList } from "./ConversationList";
import { ConversationRowsFragment } from "./ConversationRows";

const ConversationsQuery = graphql(
  `
    query Conversations {
      viewer {
        id
        unreadMessageCount
        conversations(first: 20) {
          totalCount
          ...ConversationRows
        }
      }
    }
  `,
  [ConversationRowsFragment],
);

export function ConversationsPage(): JSX.Element {
  return (
    <Page title={m.messages_title()}>
      <ViewerQuery
        query={ConversationsQuery}
        variables={{}}
        pending={
          <>
            <PostboxTabs current="nachrichten" />
            <Skeleton rows={6} />
          </>
        }
      >
        {(viewer, { isRefreshing }) => (
          <>
            <PostboxTabs current="nachrichten" unreadMessages={viewer.unreadMessageCount} />
            <p>
              <Button href={paths.newMessage}>{m.messages_write()}</Button>
            </p>
            <ConversationList
              conversations={viewer.conversations}
              total={viewer.conversations.totalCount}
              isRefreshing={isRefreshing}
            />
          </>
        )}
      </ViewerQuery>
    </Page>
  );
}
