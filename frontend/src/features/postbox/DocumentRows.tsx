/** Letters as rows: unread ones marked, each leading to its own page. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { formatDate } from "../../lib/format";
import { documentPath } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { DateText } from "../../ui/DateText";
import { Row } from "../../ui/Row";
import { Rows } from "../../ui/Rows";

export const DocumentRowsFragment = graphql(`
  fragment DocumentRows on DocumentConnection {
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      id
      subject
      sender
      direction
      receivedAt
      isUnread
      isOfficialDecision
      decisionDates {
        objectionEndsOn
      }
      institution {
        id
        name
      }
      contract {
        id
        number
        productName
      }
    }
  }
`);

export function DocumentRows({
  documents,
}: {
  readonly documents: FragmentOf<typeof DocumentRowsFragment>;
}): JSX.Element {
  const { nodes } = readFragment(DocumentRowsFragment, documents);
  return (
    <Rows>
      {nodes.map((letter) => (
        <Row
          key={letter.id}
          href={documentPath(letter.id)}
          isMarked={letter.isUnread}
          title={
            <>
              {letter.isUnread && <span class="visually-hidden">{m.postbox_unread()}: </span>}
              {letter.subject}
            </>
          }
          figure={<DateText date={letter.receivedAt} isShort />}
          detail={[
            letter.direction === "OUTGOING"
              ? m.postbox_sent_to({ name: letter.institution.name })
              : letter.sender,
            letter.isOfficialDecision && m.postbox_official_decision(),
            letter.decisionDates?.objectionEndsOn &&
              m.postbox_objection_until({ date: formatDate(letter.decisionDates.objectionEndsOn) }),
            letter.contract && (letter.contract.productName ?? letter.contract.number),
          ]
            .filter(Boolean)
            .join(" · ")}
        />
      ))}
    </Rows>
  );
}
