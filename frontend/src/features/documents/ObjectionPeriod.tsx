/** Until when one can object to an official decision: what matters most stands above the letter (X7). */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { formatDate } from "../../lib/format";
import { m } from "../../paraglide/messages.js";
import { Message } from "../../ui/Message";

export const ObjectionPeriodFragment = graphql(`
  fragment ObjectionPeriod on Document {
    decisionDates {
      deemedAnnouncedOn
      objectionEndsOn
    }
  }
`);

export function ObjectionPeriod({
  document,
}: {
  readonly document: FragmentOf<typeof ObjectionPeriodFragment>;
}): JSX.Element | null {
  const { decisionDates } = readFragment(ObjectionPeriodFragment, document);
  if (!decisionDates) return null;
  const { deemedAnnouncedOn, objectionEndsOn } = decisionDates;
  if (!deemedAnnouncedOn || !objectionEndsOn) {
    return (
      <Message title={m.documents_objection_open_title()}>
        <p>{m.documents_objection_open_text()}</p>
      </Message>
    );
  }
  return (
    <Message title={m.documents_objection_title({ date: formatDate(objectionEndsOn) })}>
      <p>{m.documents_objection_text({ date: formatDate(deemedAnnouncedOn) })}</p>
    </Message>
  );
}
