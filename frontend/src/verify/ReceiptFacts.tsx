/** What a receipt says, in words, and what was submitted if it is part of the receipt. */
import type { JSX } from "preact";
import { formatDateTime } from "../lib/format";
import { m } from "../paraglide/messages.js";
import { DataList } from "../ui/DataList";
import { PlainText } from "../ui/PlainText";
import { Section } from "../ui/Section";
import styles from "./ReceiptFacts.module.css";
import type { ReceiptFile } from "./receiptFile";

const kinds: Readonly<Record<string, () => string>> = {
  APPROVED_OPERATION: m.verify_kind_approved,
  CUSTOMER_NUMBER_LINK: m.verify_kind_link,
  SENT_MESSAGE: m.verify_kind_message,
  CLAIM: m.verify_kind_claim,
  SUPPORT_REQUEST: m.verify_kind_support,
};

export function ReceiptFacts({ receipt }: { readonly receipt: ReceiptFile }): JSX.Element {
  const { issuer, kind, issuedAt, position, sha256, keyId } = receipt.statement;
  return (
    <>
      <Section title={m.verify_facts()}>
        <DataList
          items={[
            [m.verify_issuer(), issuer],
            [m.verify_kind(), kinds[kind]?.() ?? kind],
            [m.verify_at(), formatDateTime(issuedAt)],
            [m.verify_position(), String(position)],
            [m.verify_sha256(), code(sha256)],
            [m.verify_key(), code(keyId)],
          ]}
        />
      </Section>
      {receipt.content !== null && (
        <Section title={m.verify_content_shown()}>
          <PlainText text={readable(receipt.content)} />
        </Section>
      )}
    </>
  );
}

function code(text: string): JSX.Element {
  return <code class={styles.code}>{text}</code>;
}

function readable(content: string): string {
  try {
    return JSON.stringify(JSON.parse(content), null, 2);
  } catch {
    return content;
  }
}
