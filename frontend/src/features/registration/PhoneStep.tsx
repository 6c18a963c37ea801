/** The phone is proved by a TAN; each new one has attempts of its own (F1, F20). */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { RefusalFragment, refusalText } from "../../graphql/refusal";
import { paths } from "../../lib/paths";
import type { ServerSession } from "../../lib/sessionClock";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Message } from "../../ui/Message";
import { RegistrationTanForm } from "./RegistrationTanForm";

const SendRegistrationTanMutation = graphql(
  `
    mutation SendRegistrationTan($input: SendRegistrationTanInput!) {
      sendRegistrationTan(input: $input) {
        __typename
        ... on RegistrationTanSent {
          maskedPhoneNumber
          expiresAt
        }
        ...Refusal
      }
    }
  `,
  [RefusalFragment],
);

interface PhoneStepProps {
  readonly registration: string;
  readonly maskedPhoneNumber: string;
  readonly onSignedIn: (session: ServerSession) => void;
  readonly onRefused: (message: string) => void;
}

export function PhoneStep({
  registration,
  maskedPhoneNumber,
  onSignedIn,
  onRefused,
}: PhoneStepProps): JSX.Element {
  const [{ fetching }, sendTan] = useMutation(SendRegistrationTanMutation);
  const phone = maskedPhoneNumber.replaceAll(" ", "\u00a0");
  const [sent, setSent] = useState({ count: 0, expiresAt: "" });
  const [problem, setProblem] = useState<string | null>(null);

  const send = async () => {
    setProblem(null);
    const result = (await sendTan({ input: { registration } })).data?.sendRegistrationTan;
    if (!result) return setProblem(m.common_unreachable());
    if (result.__typename === "RegistrationRefused") return onRefused(refusalText(result));
    if (result.__typename !== "RegistrationTanSent") return setProblem(refusalText(result));
    setSent(({ count }) => ({ count: count + 1, expiresAt: result.expiresAt }));
  };

  return (
    <>
      <p role="status">{sentence(sent.count, phone)}</p>
      {problem && (
        <Message kind="danger" isAlert>
          <p>{problem}</p>
        </Message>
      )}
      {sent.count === 0 ? (
        <div>
          <Button isBusy={fetching} onClick={() => void send()}>
            {m.registration_send_tan()}
          </Button>
        </div>
      ) : (
        <RegistrationTanForm
          key={sent.count}
          registration={registration}
          expiresAt={sent.expiresAt}
          isSending={fetching}
          onSendAgain={() => void send()}
          onSignedIn={onSignedIn}
          onRefused={onRefused}
        />
      )}
      <p class="muted small">
        {m.registration_wrong_number()} <a href={paths.register}>{m.registration_start_again()}</a>
      </p>
    </>
  );
}

function sentence(count: number, phone: string): string {
  if (count === 0) return m.registration_phone_lead({ phone });
  return count === 1
    ? m.registration_tan_sent({ phone })
    : m.registration_tan_sent_again({ phone });
}
