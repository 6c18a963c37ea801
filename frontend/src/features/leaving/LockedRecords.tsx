/** What the law keeps locked after a deletion, and until when (X13). */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { formatDate } from "../../lib/format";
import { m } from "../../paraglide/messages.js";
import { Row } from "../../ui/Row";
import { Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";

export const LockedRecordsFragment = graphql(`
  fragment LockedRecords on DeletionPreview {
    lockedRecords {
      kind
      institution
      endDate
    }
  }
`);

const kinds = {
  ACCOUNTING: m.leaving_locked_accounting,
  HEALTH_BENEFIT: m.leaving_locked_health_benefit,
  PHONE_CONSENT: m.leaving_locked_phone_consent,
  WITHDRAWAL_PROOF: m.leaving_locked_withdrawal_proof,
};

export function LockedRecords({
  preview,
}: {
  readonly preview: FragmentOf<typeof LockedRecordsFragment>;
}): JSX.Element {
  const { lockedRecords } = readFragment(LockedRecordsFragment, preview);
  if (lockedRecords.length === 0) {
    return (
      <Section title={m.leaving_locked_title()}>
        <p>{m.leaving_locked_none()}</p>
      </Section>
    );
  }
  return (
    <Section title={m.leaving_locked_title()}>
      <p>{m.leaving_locked_text()}</p>
      <Rows>
        {lockedRecords.map(({ kind, institution, endDate }) => (
          <Row
            key={`${kind} ${institution}`}
            title={kinds[kind]()}
            detail={institution}
            figure={m.leaving_locked_until({ date: formatDate(endDate) })}
          />
        ))}
      </Rows>
    </Section>
  );
}
