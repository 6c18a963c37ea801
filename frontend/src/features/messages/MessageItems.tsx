/** Messages from the oldest to the newest: who wrote when, what, and whether it was read. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { formatDateTime } from "../../lib/format";
import { documentPath } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import styles from "./MessageItems.module.css";

export const MessageItemsFragment = graphql(`
  fragment MessageItems on MessageConnection {
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      id
      text
      isFromViewer
      caseHandler
      sentAt
      readAt
      attachments {
        id
        fileName
      }
    }
  }
`);

interface MessageItemsProps {
  readonly messages: FragmentOf<typeof MessageItemsFragment>;
  readonly institution: string;
}

export function MessageItems({ messages, institution }: MessageItemsProps): JSX.Element {
  const { nodes } = readFragment(MessageItemsFragment, messages);
  return (
    <ol class={styles.thread} reversed={false}>
      {nodes.toReversed().map((message) => (
        <li key={message.id} class={message.isFromViewer ? styles.own : styles.other}>
          <p class={styles.head}>
            <strong>
              {message.isFromViewer ? m.messages_you() : author(message, institution)}
            </strong>
            <time dateTime={message.sentAt} class="muted small">
              {formatDateTime(message.sentAt)}
            </time>
          </p>
          <p class={styles.text}>{message.text}</p>
          {message.attachments.length > 0 && (
            <ul class={styles.files} aria-label={m.messages_attachments()}>
              {message.attachments.map((file) => (
                <li key={file.id}>
                  <a href={documentPath(file.id)}>{file.fileName}</a>
                </li>
              ))}
            </ul>
          )}
          {message.isFromViewer && (
            <p class="muted small">
              {message.readAt
                ? m.messages_read_at({ time: formatDateTime(message.readAt) })
                : m.messages_not_read()}
            </p>
          )}
        </li>
      ))}
    </ol>
  );
}

function author(message: { readonly caseHandler: string | null }, institution: string): string {
  return message.caseHandler ? `${message.caseHandler}, ${institution}` : institution;
}
