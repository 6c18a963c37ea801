/** A list from which people pick, whole: page after page is fetched, then all of it is shown. */
import type { TypedDocumentNode } from "@urql/core";
import type { ComponentChildren, JSX } from "preact";
import { ViewerQuery } from "./ViewerQuery";

interface AllPagesProps<Data extends { viewer: unknown }, Variables extends { after?: unknown }> {
  /** A page after a cursor. */
  readonly query: TypedDocumentNode<Data, Variables>;
  readonly pageInfoOf: (viewer: NonNullable<Data["viewer"]>) => {
    readonly endCursor: string | null;
    readonly hasNextPage: boolean;
  };
  readonly pending: ComponentChildren;
  /** Gets the viewer once a page, the first page first. */
  readonly children: (
    pages: readonly NonNullable<Data["viewer"]>[],
    data: Data,
  ) => ComponentChildren;
  /** What was fetched before. */
  readonly before?: readonly NonNullable<Data["viewer"]>[];
  readonly after?: string | null;
}

export function AllPages<Data extends { viewer: unknown }, Variables extends { after?: unknown }>({
  before = [],
  after = null,
  ...list
}: AllPagesProps<Data, Variables>): JSX.Element {
  return (
    <ViewerQuery query={list.query} variables={{ after } as Variables} pending={list.pending}>
      {(viewer, { data }) => {
        const { endCursor, hasNextPage } = list.pageInfoOf(viewer);
        const pages = [...before, viewer];
        if (!hasNextPage) return list.children(pages, data);
        return <AllPages {...list} key={endCursor} before={pages} after={endCursor} />;
      }}
    </ViewerQuery>
  );
}
