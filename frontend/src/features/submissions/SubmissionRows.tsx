/** Submissions as rows: subject, state, day; a refusal that was not read yet is marked. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { submissionPath } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { DateText } from "../../ui/DateText";
import { Row } from "../../ui/Row";
import { Rows } from "../../ui/Rows";
import { stateText } from "./submissionWords";

export const SubmissionRowsFragment = graphql(`
  fragment SubmissionRows on SubmissionConnection {
    nodes {
      id
      subject
      state
      createdAt
      answerReadAt
      institution {
        id
        name
      }
    }
  }
`);

export function SubmissionRows({
  submissions,
}: {
  readonly submissions: FragmentOf<typeof SubmissionRowsFragment>;
}): JSX.Element {
  const { nodes } = readFragment(SubmissionRowsFragment, submissions);
  return (
    <Rows label={m.submissions_title()}>
      {nodes.map(({ id, subject, state, createdAt, answerReadAt, institution }) => (
        <Row
          key={id}
          href={submissionPath(id)}
          isMarked={state === "REFUSED" && answerReadAt === null}
          title={subject}
          figure={<DateText date={createdAt} isShort />}
          detail={`${stateText(state)} · ${institution.name}`}
        />
      ))}
    </Rows>
  );
}
