/** What was found: genuine or not and why, what is open, and what the receipt says. */
import type { JSX } from "preact";
import { formatDateTime } from "../lib/format";
import { m } from "../paraglide/messages.js";
import { Message } from "../ui/Message";
import { ReceiptFacts } from "./ReceiptFacts";
import styles from "./Verdict.module.css";
import type { Left, Problem, Verification } from "./verifyReceipt";

const problemWords: Readonly<Record<Problem, () => string>> = {
  UNREADABLE: m.verify_problem_unreadable,
  KEY: m.verify_problem_key,
  FOREIGN_KEY: m.verify_problem_foreign_key,
  SIGNATURE: m.verify_problem_signature,
  INCLUSION: m.verify_problem_inclusion,
  CONTENT: m.verify_problem_content,
  TREE_HEAD_SIGNATURE: m.verify_problem_head_signature,
  TREE_HEAD_INCLUSION: m.verify_problem_head_inclusion,
  TREE_HEADS_UNREADABLE: m.verify_problem_heads,
  TREE_HEAD_UNPUBLISHED: m.verify_problem_unpublished,
  LOG_REWRITTEN: m.verify_problem_rewritten,
  PUBLIC_KEY_UNREADABLE: m.verify_problem_public_key,
};
const leftWords: Readonly<Record<Left, () => string>> = {
  PUBLIC_KEY: m.verify_left_key,
  CONTENT: m.verify_left_content,
  TREE_HEAD: m.verify_left_head,
  PUBLISHED: m.verify_left_published,
};

export function Verdict({ found }: { readonly found: Verification }): JSX.Element {
  const { receipt, problems, left } = found;
  if (!receipt || problems.length > 0) {
    return (
      <>
        <Message kind="danger" title={m.verify_false()} isAlert>
          <p>{m.verify_false_text()}</p>
          <ul class={styles.list}>
            {problems.map((problem) => (
              <li key={problem}>{problemWords[problem]()}</li>
            ))}
          </ul>
        </Message>
        {receipt && <ReceiptFacts receipt={receipt} />}
      </>
    );
  }
  const { issuer, issuedAt, position } = receipt.statement;
  const said = { issuer, time: formatDateTime(issuedAt), position: String(position) };
  const isConfirmed = !left.includes("PUBLIC_KEY");
  return (
    <>
      {isConfirmed ? (
        <Message kind="success" title={m.verify_genuine()} isAlert>
          <p>{m.verify_genuine_text(said)}</p>
        </Message>
      ) : (
        <Message kind="warning" title={m.verify_unconfirmed()} isAlert>
          <p>{m.verify_unconfirmed_text()}</p>
        </Message>
      )}
      {left.length > 0 && (
        <Message title={m.verify_left_title()}>
          <ul class={styles.list}>
            {left.map((one) => (
              <li key={one}>{leftWords[one]()}</li>
            ))}
          </ul>
        </Message>
      )}
      <ReceiptFacts receipt={receipt} />
    </>
  );
}
