/** The postbox: inbox, unread, sent (F83) and archive, filtered and sorted in the URL (F32–F35). */
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { paths } from "../../lib/paths";
import { useUrlState } from "../../lib/useUrlState";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Page } from "../../ui/Page";
import { PostboxTabs } from "../../ui/PostboxTabs";
import { Skeleton } from "../../ui/Skeleton";
import { DocumentFilterBar, DocumentFilterBarFragment } from "./DocumentFilterBar";
import { DocumentList, DocumentListFragment } from "./DocumentList";
import {
  countActive,
  filterFromUrl,
  filterProblems,
  folderFromUrl,
  orderFromUrl,
  toServerFilter,
} from "./documentFilter";

const PostboxQuery = graphql(
  `
    query Postbox($filter: DocumentFilter, $orderBy: DocumentOrder!) {
      institutions {
        id
        name
      }
      viewer {
        id
        unreadMessageCount
        ...DocumentFilterBar
        postbox {
          ...DocumentList
        }
      }
    }
  `,
  [DocumentFilterBarFragment, DocumentListFragment],
);

export function PostboxPage(): JSX.Element {
  const [query, change] = useUrlState();
  const folder = folderFromUrl(query);
  const orderBy = orderFromUrl(query);
  const typed = filterFromUrl(query);
  const isUsable = filterProblems(typed).length === 0;
  const filter = toServerFilter(isUsable ? typed : filterFromUrl({}), folder);
  return (
    <Page title={m.postbox_title()}>
      <ViewerQuery
        query={PostboxQuery}
        variables={{ filter, orderBy }}
        pending={
          <>
            <PostboxTabs current={folder} />
            <Skeleton rows={8} />
          </>
        }
        keepsLast
      >
        {(viewer, { data, isRefreshing }) => (
          <>
            <PostboxTabs current={folder} unreadMessages={viewer.unreadMessageCount} />
            <DocumentFilterBar viewer={viewer} institutions={data.institutions} />
            <p class="no-print">
              <Button
                kind="quiet"
                onClick={() =>
                  change({ sortierung: orderBy === "NEWEST_FIRST" ? "aelteste" : null })
                }
              >
                {orderBy === "NEWEST_FIRST"
                  ? m.postbox_show_oldest_first()
                  : m.postbox_show_newest_first()}
              </Button>
            </p>
            <DocumentList
              key={JSON.stringify([filter, orderBy])}
              postbox={viewer.postbox}
              filter={filter}
              orderBy={orderBy}
              folder={folder}
              isFiltered={countActive(typed) > 0}
              isRefreshing={isRefreshing}
            />
            <p class="no-print">
              <Button kind="quiet" href={paths.takeData}>
                {m.postbox_take_all()}
              </Button>
            </p>
          </>
        )}
      </ViewerQuery>
    </Page>
  );
}
