/** What waits for the customer; nothing at all when nothing does. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { formatDate } from "../../lib/format";
import { canUsePasskeys } from "../../lib/passkeys";
import { documentPath, paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Row } from "../../ui/Row";
import { Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";

export const ToDoFragment = graphql(`
  fragment ToDo on Viewer {
    emailAddress
    noticeFailedAt
    passkeys {
      id
    }
    toRead: postbox {
      documents(filter: { isUnread: true, direction: INCOMING }, first: 100) {
        __typename
        ... on DocumentConnection {
          nodes {
            id
            subject
            sender
            receivedAt
            isOfficialDecision
          }
        }
      }
    }
  }
`);

export function ToDo({
  viewer,
}: {
  readonly viewer: FragmentOf<typeof ToDoFragment>;
}): JSX.Element | null {
  const { emailAddress, noticeFailedAt, passkeys, toRead } = readFragment(ToDoFragment, viewer);
  const unread = toRead.documents.__typename === "DocumentConnection" ? toRead.documents.nodes : [];
  const decisions = unread.filter((letter) => letter.isOfficialDecision);
  const needsPasskey = passkeys.length === 0 && canUsePasskeys();
  if (decisions.length === 0 && !noticeFailedAt && !needsPasskey) return null;
  return (
    <Section title={m.overview_todo()}>
      <Rows>
        {decisions.map(({ id, subject, sender, receivedAt }) => (
          <Row
            key={id}
            title={m.overview_todo_decision({ subject })}
            detail={m.overview_todo_decision_detail({ sender, date: formatDate(receivedAt) })}
            href={documentPath(id)}
          />
        ))}
        {noticeFailedAt && (
          <Row
            title={m.overview_todo_email()}
            detail={m.overview_todo_email_detail({
              address: emailAddress,
              date: formatDate(noticeFailedAt),
            })}
            href={paths.changeEmailAddress}
          />
        )}
        {needsPasskey && (
          <Row
            title={m.overview_todo_passkey()}
            detail={m.overview_todo_passkey_detail()}
            href={paths.security}
          />
        )}
      </Rows>
    </Section>
  );
}
