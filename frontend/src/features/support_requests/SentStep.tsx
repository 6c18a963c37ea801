/** Last step: it is sent; what happens next, where it can be read, and its receipt (F83, X8). */
import type { JSX } from "preact";
import { conversationPath, documentPath } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { AnswerNotice } from "../../ui/AnswerNotice";
import { Button } from "../../ui/Button";
import { Message } from "../../ui/Message";
import { Page } from "../../ui/Page";
import { ReceiptLink } from "../../ui/ReceiptLink";
import type { SentRequest } from "./ReviewStep";

export function SentStep({ sent }: { readonly sent: SentRequest }): JSX.Element {
  return (
    <Page title={m.messages_sent_title()}>
      <Message kind="success">
        <p>{m.support_sent_text()}</p>
        <AnswerNotice />
        {sent.diagnostics && <p>{m.support_sent_filed()}</p>}
        <ReceiptLink receipt={sent.receipt} />
      </Message>
      <div class="buttons">
        <Button kind="secondary" href={conversationPath(sent.conversation.id)}>
          {m.support_to_conversation()}
        </Button>
        {sent.diagnostics && (
          <Button kind="quiet" href={documentPath(sent.diagnostics.id)}>
            {m.support_to_data()}
          </Button>
        )}
      </div>
    </Page>
  );
}
