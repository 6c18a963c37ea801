/** What waits for the customer; nothing at all when nothing does. */
import { type FragmentOf, type ResultOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { formatContractNumber, formatDate, formatTime } from "../../lib/format";
import { canUsePasskeys } from "../../lib/passkeys";
import { documentPath, paths, savingsPath, submissionPath, writeToPath } from "../../lib/paths";
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
    pendingApprovals {
      id
      summary
      expiresAt
    }
    refused: submissions(first: 20, filter: { isUnreadRefusal: true }) {
      nodes {
        id
        subject
        institution {
          id
          name
        }
      }
    }
    endings {
      kind
      endsOn
      contract {
        id
        number
        productName
        institution {
          id
          name
        }
      }
    }
    toRead: postbox {
      documents(filter: { isUnread: true, isArchived: false, direction: INCOMING }, first: 100) {
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

type Waiting = ResultOf<typeof ToDoFragment>;

/** One thing to do; without `href` it can't be done by following a link. */
interface Thing {
  readonly key: string;
  readonly title: string;
  readonly detail: string;
  readonly href?: string;
}

/** Whatever may wait, the most pressing first; another kind of thing is another line here. */
const KINDS: readonly ((waiting: Waiting) => Thing[])[] = [
  refusals,
  decisions,
  unreachable,
  approvals,
  endings,
  passkey,
];

export function ToDo({
  viewer,
}: {
  readonly viewer: FragmentOf<typeof ToDoFragment>;
}): JSX.Element | null {
  const waiting = readFragment(ToDoFragment, viewer);
  const things = KINDS.flatMap((kind) => kind(waiting));
  if (things.length === 0) return null;
  return (
    <Section title={m.overview_todo()}>
      <Rows>
        {things.map(({ key, ...thing }) => (
          <Row key={key} {...thing} />
        ))}
      </Rows>
    </Section>
  );
}

function refusals({ refused }: Waiting): Thing[] {
  return refused.nodes.map(({ id, subject, institution }) => ({
    key: id,
    title: m.overview_todo_refused({ subject }),
    detail: m.overview_todo_refused_detail({ institution: institution.name }),
    href: submissionPath(id),
  }));
}

function decisions({ toRead }: Waiting): Thing[] {
  const unread = toRead.documents.__typename === "DocumentConnection" ? toRead.documents.nodes : [];
  return unread
    .filter((letter) => letter.isOfficialDecision)
    .map(({ id, subject, sender, receivedAt }) => ({
      key: id,
      title: m.overview_todo_decision({ subject }),
      detail: m.overview_todo_decision_detail({ sender, date: formatDate(receivedAt) }),
      href: documentPath(id),
    }));
}

/** A notice did not reach the customer's mailbox. */
function unreachable({ emailAddress, noticeFailedAt }: Waiting): Thing[] {
  if (!noticeFailedAt) return [];
  return [
    {
      key: "email",
      title: m.overview_todo_email(),
      detail: m.overview_todo_email_detail({
        address: emailAddress,
        date: formatDate(noticeFailedAt),
      }),
      href: paths.changeEmailAddress,
    },
  ];
}

/** What was asked for in this session and not approved; its own form leads on. */
function approvals({ pendingApprovals }: Waiting): Thing[] {
  return pendingApprovals.map(({ id, summary, expiresAt }) => ({
    key: id,
    title: m.overview_todo_approval({ summary }),
    detail: m.overview_todo_approval_detail({ time: formatTime(expiresAt) }),
  }));
}

function endings(waiting: Waiting): Thing[] {
  return waiting.endings.map(ending);
}

/** What ends by itself: a mandate is renewed by writing, a deposit looked at. */
function ending({ kind, endsOn, contract }: Waiting["endings"][number]): Thing {
  const { id, institution } = contract;
  const product = contract.productName ?? formatContractNumber(contract.number);
  const date = formatDate(endsOn);
  switch (kind) {
    case "DIRECT_DEBIT_MANDATE":
      return {
        key: `mandate ${id}`,
        title: m.overview_todo_mandate({ product }),
        detail: m.overview_todo_mandate_detail({ date, institution: institution.name }),
        href: writeToPath(institution.id, m.overview_todo_mandate({ product })),
      };
    case "FIXED_TERM_DEPOSIT":
      return {
        key: `deposit ${id}`,
        title: m.overview_todo_maturity({ product }),
        detail: m.overview_todo_maturity_detail({ date }),
        href: savingsPath(id, "vertragsdetails"),
      };
  }
}

function passkey({ passkeys }: Waiting): Thing[] {
  if (passkeys.length > 0 || !canUsePasskeys()) return [];
  return [
    {
      key: "passkey",
      title: m.overview_todo_passkey(),
      detail: m.overview_todo_passkey_detail(),
      href: paths.security,
    },
  ];
}
