/** A long list as far as it was asked for, one query a page; "Mehr laden" goes on. */
import type { TypedDocumentNode } from "@urql/core";
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { ViewerQuery } from "../graphql/ViewerQuery";
import { LoadMore } from "./LoadMore";
import { MoreRows } from "./MoreRows";
import { Skeleton } from "./Skeleton";

const PAGE_SIZE = 20;

/** What a list's own fragment has to ask of its connection, beside the rows. */
interface PageOfRows {
  readonly totalCount: number;
  readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
}

interface PagedRowsProps<
  Page extends PageOfRows,
  Data extends { viewer: unknown },
  Variables extends { after?: string | null },
> {
  readonly first: Page;
  /** Twenty more rows after a cursor. */
  readonly more: TypedDocumentNode<Data, Variables>;
  /** What `more` asks for beside the cursor. */
  readonly variables?: Omit<Variables, "after">;
  readonly pageOf: (viewer: NonNullable<Data["viewer"]>) => Page;
  readonly isRefreshing: boolean;
  readonly children: (page: Page) => ComponentChildren;
}

export function PagedRows<
  Page extends PageOfRows,
  Data extends { viewer: unknown },
  Variables extends { after?: string | null },
>({
  first,
  more,
  variables,
  pageOf,
  isRefreshing,
  children,
}: PagedRowsProps<Page, Data, Variables>): JSX.Element {
  const [cursors, setCursors] = useState<string[]>([]);
  const rows = (page: Page, index: number) => {
    const { endCursor, hasNextPage } = page.pageInfo;
    return (
      <>
        {children(page)}
        {index === cursors.length && (
          <LoadMore
            shown={Math.min(page.totalCount, PAGE_SIZE * (index + 1))}
            total={page.totalCount}
            hasMore={hasNextPage}
            isBusy={isRefreshing}
            onMore={() => endCursor && setCursors([...cursors, endCursor])}
          />
        )}
      </>
    );
  };
  return (
    <div class="stack" aria-busy={isRefreshing}>
      {rows(first, 0)}
      {cursors.map((after, index) => (
        <ViewerQuery
          key={after}
          query={more}
          variables={{ ...variables, after } as Variables}
          pending={<Skeleton rows={6} />}
        >
          {(viewer) => <MoreRows>{rows(pageOf(viewer), index + 1)}</MoreRows>}
        </ViewerQuery>
      ))}
    </div>
  );
}
