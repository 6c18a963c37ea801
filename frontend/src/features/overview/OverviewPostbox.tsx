/** Unread letters with sender and subject; pressing one opens it. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { formatCount, formatDate } from "../../lib/format";
import { documentPath, paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Row } from "../../ui/Row";
import { Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";

export const OverviewPostboxFragment = graphql(`
  fragment OverviewPostbox on Postbox {
    unreadCount
    documents(filter: { isUnread: true, isArchived: false, direction: INCOMING }, first: 4) {
      __typename
      ... on DocumentConnection {
        nodes {
          id
          subject
          sender
          receivedAt
        }
      }
    }
  }
`);

interface OverviewPostboxProps {
  readonly postbox: FragmentOf<typeof OverviewPostboxFragment>;
  /** Whether mails get through to the customer. */
  readonly isReached: boolean;
}

export function OverviewPostbox({ postbox, isReached }: OverviewPostboxProps): JSX.Element {
  const { unreadCount, documents } = readFragment(OverviewPostboxFragment, postbox);
  const nothing = isReached ? m.overview_postbox_empty() : m.overview_postbox_empty_unreached();
  const letters = documents.__typename === "DocumentConnection" ? documents.nodes : [];
  return (
    <Section
      title={m.overview_postbox()}
      more={{ href: paths.postbox, label: m.overview_postbox_all() }}
    >
      <p class="muted">{unreadCount > 0 ? unreadText(unreadCount) : nothing}</p>
      {letters.length > 0 && (
        <Rows>
          {letters.map((letter) => (
            <Row
              key={letter.id}
              isMarked
              title={letter.subject}
              detail={`${letter.sender} · ${formatDate(letter.receivedAt)}`}
              href={documentPath(letter.id)}
            />
          ))}
        </Rows>
      )}
    </Section>
  );
}

function unreadText(count: number): string {
  const shown = formatCount(count);
  return count === 1
    ? m.overview_postbox_unread_one({ count: shown })
    : m.overview_postbox_unread_other({ count: shown });
}
