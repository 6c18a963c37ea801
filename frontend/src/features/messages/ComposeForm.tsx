/** Text and files of a message: reviewed file by file, sent once, kept on this device if that fails. */
import { useMutation } from "@urql/preact";
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { graphql } from "../../graphql/graphql";
import { problemsOf, RefusalFragment } from "../../graphql/refusal";
import { discardDraft, keepDraft, keptDraft, keyFor } from "../../lib/drafts";
import { problemsAt, useFormProblems } from "../../lib/formProblems";
import { conversationPath } from "../../lib/paths";
import { LONGEST_SUBJECT } from "../../lib/subject";
import { m } from "../../paraglide/messages.js";
import { AnswerNotice } from "../../ui/AnswerNotice";
import { Attachments } from "../../ui/Attachments";
import type { Attachable } from "../../ui/attachable";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Form } from "../../ui/Form";
import { Message } from "../../ui/Message";
import { TextArea } from "../../ui/TextArea";
import { type KeptFile, useUploads } from "../../ui/useUploads";

const SendMessageMutation = graphql(
  `
    mutation SendMessage($input: SendMessageInput!) {
      sendMessage(input: $input) {
        __typename
        ... on Message {
          id
          conversation {
            id
            lastMessageAt
          }
        }
        ...Refusal
      }
    }
  `,
  [RefusalFragment],
);

interface Draft {
  readonly subject: string;
  readonly text: string;
  readonly files: readonly KeptFile[];
}

interface ComposeFormProps {
  /** Under which a draft is kept: whose it is and where it goes. */
  readonly place: string;
  /** For whom the files are, and what it takes. */
  readonly institution: Attachable;
  readonly megabytes: number;
  /** Written beforehand; it can be changed. */
  readonly subject?: string;
  /** Questions before the text. */
  readonly children?: ComponentChildren;
  /** null: begin a conversation, with a subject. */
  readonly to: { readonly conversation: string } | { readonly document: string } | null;
}

export function ComposeForm({
  place,
  institution,
  megabytes,
  to,
  subject: proposed = "",
  children,
}: ComposeFormProps): JSX.Element {
  const { route, path } = useLocation();
  const [{ fetching }, send] = useMutation(SendMessageMutation);
  const problems = useFormProblems();
  const [draft, setDraft] = useState(() => keptDraft<Draft>(place));
  const [subject, setSubject] = useState(draft?.subject ?? proposed);
  const [text, setText] = useState(draft?.text ?? "");
  const [isSent, setSent] = useState(false);
  const uploads = useUploads({ institution: institution.id }, draft?.files ?? []);

  const forget = () => {
    discardDraft(place);
    setDraft(null);
    setSubject("");
    setText("");
    uploads.clear();
  };
  const submit = async () => {
    const found = problemsAt({
      subject: to ? null : missing(subject, m.messages_subject_missing()),
      text: missing(text, m.messages_text_missing()),
      attachments: uploads.problem,
    });
    problems.refuse(found);
    if (found.length > 0) return;
    const message = {
      to: to ?? { newConversation: { institution: institution.id, subject: subject.trim() } },
      text,
      attachments: uploads.accepted,
    };
    const idempotencyKey = keyFor(place, JSON.stringify(message));
    const answer = await send({ input: { ...message, idempotencyKey } });
    const result = answer.data?.sendMessage;
    if (!result) setDraft(keepDraft<Draft>(place, { subject, text, files: uploads.kept }));
    if (result?.__typename !== "Message") return problems.refuse(problemsOf(result));
    forget();
    const next = conversationPath(result.conversation.id);
    if (next === path) setSent(true);
    else route(next);
  };
  return (
    <Form errors={problems.summary} isBusy={fetching} onSubmit={() => void submit()}>
      {isSent && (
        <Message kind="success" title={m.messages_sent_title()} isAlert>
          <AnswerNotice />
        </Message>
      )}
      {draft && (
        <Message title={m.messages_draft_title()}>
          <p>{m.messages_draft_text()}</p>
          <p>
            <Button kind="quiet" onClick={forget}>
              {m.messages_draft_discard()}
            </Button>
          </p>
        </Message>
      )}
      {children}
      {!to && (
        <Field
          name="subject"
          label={m.messages_subject()}
          value={subject}
          maxLength={LONGEST_SUBJECT}
          onInput={setSubject}
          error={problems.at("subject")}
        />
      )}
      <TextArea
        name="text"
        label={m.messages_text()}
        value={text}
        onInput={(value) => {
          setText(value);
          setSent(false);
        }}
        error={problems.at("text")}
      />
      <Attachments
        types={institution.attachmentTypes}
        megabytes={megabytes}
        uploads={uploads}
        error={problems.at("attachments")}
      />
      <div>
        <Button type="submit" isBusy={fetching}>
          {m.messages_send()}
        </Button>
      </div>
    </Form>
  );
}

function missing(value: string, message: string): string | null {
  return value.trim() ? null : message;
}
