/** Entries of the security log, in words (X4). */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { m } from "../../paraglide/messages.js";
import { Rows } from "../../ui/Rows";
import { SecurityEventRow, SecurityEventRowFragment } from "./SecurityEventRow";

export const SecurityEventRowsFragment = graphql(
  `
    fragment SecurityEventRows on SecurityEventConnection {
      edges {
        cursor
        node {
          ...SecurityEventRow
        }
      }
    }
  `,
  [SecurityEventRowFragment],
);

export function SecurityEventRows({
  events,
}: {
  readonly events: FragmentOf<typeof SecurityEventRowsFragment>;
}): JSX.Element {
  const { edges } = readFragment(SecurityEventRowsFragment, events);
  return (
    <Rows label={m.profile_log_title()}>
      {edges.map(({ cursor, node }) => (
        <SecurityEventRow key={cursor} event={node} />
      ))}
    </Rows>
  );
}
