/** The way goes on in the mailbox, in whichever browser the link is opened (F1). */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { FieldProblem } from "../../lib/fieldErrors";
import { formatDateTime } from "../../lib/format";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Message } from "../../ui/Message";
import type { RegistrationDraft } from "./registrationDraft";
import { useStartRegistration } from "./startRegistration";

interface MailSentProps {
  readonly draft: RegistrationDraft;
  readonly sent: NonNullable<RegistrationDraft["sent"]>;
  readonly onChange: (change: Partial<RegistrationDraft>) => void;
}

export function MailSent({ draft, sent, onChange }: MailSentProps): JSX.Element {
  const { isBusy, send } = useStartRegistration();
  const [isSentAgain, setSentAgain] = useState(false);
  const [problems, setProblems] = useState<readonly FieldProblem[]>([]);

  const sendAgain = async () => {
    setSentAgain(false);
    const started = await send(draft);
    setProblems(started.problems);
    setSentAgain(started.sent !== null);
    if (started.sent) onChange({ sent: started.sent });
  };

  return (
    <>
      <Message kind="success" isAlert>
        <p>
          {isSentAgain
            ? m.registration_sent_again({ email: sent.emailAddress })
            : m.registration_sent_text({ email: sent.emailAddress })}
        </p>
        <p>{m.registration_sent_until({ time: formatDateTime(sent.expiresAt) })}</p>
      </Message>
      <p>{m.registration_sent_help()}</p>
      {problems.length > 0 && (
        <Message kind="danger" isAlert>
          {problems.map(({ message }) => (
            <p key={message}>{message}</p>
          ))}
        </Message>
      )}
      <div class="buttons">
        <Button kind="secondary" isBusy={isBusy} onClick={() => void sendAgain()}>
          {m.registration_send_again()}
        </Button>
        <Button kind="quiet" onClick={() => onChange({ sent: null })}>
          {m.registration_change_data()}
        </Button>
      </div>
    </>
  );
}
