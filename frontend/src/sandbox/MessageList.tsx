/** Mail and text messages that left the portal by their real protocols and were caught. */
import type { JSX } from "preact";
import { formatDateTime } from "../lib/format";
import { m } from "../paraglide/messages.js";
import { EmptyState } from "../ui/EmptyState";
import { Message } from "../ui/Message";
import { ResultCount } from "../ui/ResultCount";
import { Section } from "../ui/Section";
import { Skeleton } from "../ui/Skeleton";
import { CopyValue } from "./CopyValue";
import styles from "./MessageList.module.css";
import { MessageText } from "./MessageText";
import { type CaughtMessage, fetchMessages } from "./sandboxApi";
import { tanIn } from "./signInAs";
import { usePolled } from "./usePolled";

const channels = {
  MAIL: m.sandbox_mail,
  SMS: m.sandbox_sms,
  LETTER: m.sandbox_letter,
  PUSH: m.sandbox_push,
};

export function MessageList(): JSX.Element {
  const { answer: messages, hasFailed } = usePolled(fetchMessages);
  return (
    <Section title={m.sandbox_messages()}>
      {hasFailed && (
        <Message kind="warning" isAlert>
          <p>{m.sandbox_not_reached()}</p>
        </Message>
      )}
      {!messages && !hasFailed && <Skeleton rows={3} shape="text" />}
      {messages && messages.length === 0 && (
        <EmptyState title={m.sandbox_no_messages()}>
          <p>{m.sandbox_no_messages_text()}</p>
        </EmptyState>
      )}
      {messages && messages.length > 0 && (
        <>
          <ResultCount count={messages.length} text={countText(messages.length)} />
          <ul class={styles.messages}>{messages.map(item)}</ul>
        </>
      )}
    </Section>
  );
}

/** The activation code of a letter stands in a line of its own. */
function codeIn(text: string): string | null {
  return /^> (\S+)$/m.exec(text)?.[1] ?? null;
}

function item(message: CaughtMessage): JSX.Element {
  const tan = message.channel === "SMS" ? tanIn(message.text) : null;
  const code = message.channel === "LETTER" ? codeIn(message.text) : null;
  return (
    <li key={message.id}>
      <p class={styles.head}>
        <strong>{channels[message.channel]()}</strong>
        <time dateTime={message.sent_at} class="muted small">
          {formatDateTime(message.sent_at)}
        </time>
      </p>
      <p class="muted small">
        {m.sandbox_from_to({ sender: message.sender, recipient: message.recipient })}
      </p>
      {message.subject && <p class={styles.subject}>{message.subject}</p>}
      <MessageText text={message.text} />
      {tan && <CopyValue value={tan} label={m.sandbox_copy_tan({ value: tan })} />}
      {code && <CopyValue value={code} label={m.sandbox_copy_code({ value: code })} />}
    </li>
  );
}

function countText(count: number): string {
  const shown = String(count);
  return count === 1
    ? m.sandbox_count_one({ count: shown })
    : m.sandbox_count_other({ count: shown });
}
