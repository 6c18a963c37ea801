/** What is known about a letter, with the hash that proves it was never changed. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { formatDateTime } from "../../lib/format";
import { contractPath, savingsPath } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { DataList } from "../../ui/DataList";
import { DateText } from "../../ui/DateText";
import { Section } from "../../ui/Section";
import styles from "./DocumentData.module.css";

export const DocumentDataFragment = graphql(`
  fragment DocumentData on Document {
    direction
    sender
    documentDate
    receivedAt
    isOfficialDecision
    size
    sha256
    institution {
      id
      name
    }
    contract {
      id
      kind
      number
      productName
    }
  }
`);

const KILOBYTE = 1024;

export function DocumentData({
  document,
}: {
  readonly document: FragmentOf<typeof DocumentDataFragment>;
}): JSX.Element {
  const letter = readFragment(DocumentDataFragment, document);
  const { contract } = letter;
  const kilobytes = String(Math.max(1, Math.round(letter.size / KILOBYTE)));
  return (
    <Section title={m.documents_about()}>
      <DataList
        items={[
          [m.documents_sender(), letter.sender],
          [
            m.documents_recipient(),
            letter.direction === "OUTGOING" ? letter.institution.name : null,
          ],
          [m.documents_date(), <DateText key="date" date={letter.documentDate} />],
          [
            m.documents_sent_at(),
            letter.direction === "OUTGOING" ? formatDateTime(letter.receivedAt) : null,
          ],
          [
            m.documents_contract(),
            contract && (
              <a
                key="contract"
                href={
                  contract.kind === "INSURANCE"
                    ? contractPath(contract.id)
                    : savingsPath(contract.id)
                }
              >
                {contract.productName
                  ? `${contract.productName} (${contract.number})`
                  : contract.number}
              </a>
            ),
          ],
          [m.documents_kind(), letter.isOfficialDecision ? m.documents_official_decision() : null],
          [m.documents_size(), m.documents_kilobytes({ size: kilobytes })],
          [
            m.documents_hash(),
            <code key="hash" class={styles.hash}>
              {letter.sha256}
            </code>,
          ],
        ]}
      />
      <p class="muted small">{m.documents_hash_text()}</p>
    </Section>
  );
}
