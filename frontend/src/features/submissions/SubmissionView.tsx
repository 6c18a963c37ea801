/** What became of a submission; a refusal says why and the way out. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { ReceiptFragment } from "../../graphql/receipts";
import { m } from "../../paraglide/messages.js";
import { Contact, type ContactFragment } from "../../ui/Contact";
import { Message } from "../../ui/Message";
import { ReceiptLink } from "../../ui/ReceiptLink";
import { Section } from "../../ui/Section";
import { WriteTo } from "../../ui/WriteTo";
import { MarkSubmissionRead } from "./MarkSubmissionRead";
import { SubmissionSteps, SubmissionStepsFragment } from "./SubmissionSteps";

export const SubmissionViewFragment = graphql(
  `
    fragment SubmissionView on Submission {
      id
      reference
      state
      subject
      refusalReason
      answerReadAt
      institution {
        id
        name
      }
      receipt {
        ...Receipt
      }
      ...SubmissionSteps
    }
  `,
  [ReceiptFragment, SubmissionStepsFragment],
);

interface SubmissionViewProps {
  readonly submission: FragmentOf<typeof SubmissionViewFragment>;
  readonly contact: FragmentOf<typeof ContactFragment>;
}

export function SubmissionView({ submission, contact }: SubmissionViewProps): JSX.Element {
  const shown = readFragment(SubmissionViewFragment, submission);
  const isSettled = shown.state === "CONFIRMED" || shown.state === "REFUSED";
  return (
    <div class="sections">
      {isSettled && shown.answerReadAt === null && <MarkSubmissionRead id={shown.id} />}
      {shown.state === "REFUSED" && (
        <Message kind="danger" title={m.submissions_refused_title()}>
          <p>{shown.refusalReason ?? m.submissions_refused_unreadable()}</p>
          <p>{m.submissions_refused_text()}</p>
          <p>
            <WriteTo
              institution={shown.institution}
              subject={m.submissions_refused_subject({ subject: shown.subject })}
            />
          </p>
        </Message>
      )}
      <Section title={m.submissions_steps()}>
        <SubmissionSteps submission={shown} />
      </Section>
      {shown.receipt && (
        <Section title={m.submissions_receipt()}>
          <ReceiptLink receipt={shown.receipt} />
        </Section>
      )}
      <Section title={m.submissions_questions()}>
        <p>
          {m.submissions_reference_text()} <code>{shown.reference.slice(0, 8)}</code>
        </p>
        <Contact contact={contact} />
      </Section>
    </div>
  );
}
