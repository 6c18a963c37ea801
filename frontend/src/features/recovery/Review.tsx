/** Exactly what will happen, then the TAN that lets it happen. */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { problemsOf, RefusalFragment, refusalText } from "../../graphql/refusal";
import type { FieldProblem } from "../../lib/fieldErrors";
import type { ServerSession } from "../../lib/sessionClock";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Message } from "../../ui/Message";
import type { Credentials } from "./credentials";
import { RecoveryTanForm } from "./RecoveryTanForm";
import { WhatHappens } from "./WhatHappens";

const SendRecoveryTanMutation = graphql(
  `
    mutation SendRecoveryTan($input: SendRecoveryTanInput!) {
      sendRecoveryTan(input: $input) {
        __typename
        ... on RecoveryTanSent {
          maskedPhoneNumber
          expiresAt
        }
        ...Refusal
      }
    }
  `,
  [RefusalFragment],
);

interface ReviewProps {
  readonly recovery: string;
  readonly typed: Credentials;
  readonly maskedPhoneNumber: string;
  /** Back to the form, with what the server objected to. */
  readonly onChange: (problems: readonly FieldProblem[]) => void;
  readonly onSignedIn: (session: ServerSession) => void;
  readonly onRefused: (message: string) => void;
}

export function Review({
  recovery,
  typed,
  maskedPhoneNumber,
  onChange,
  onSignedIn,
  onRefused,
}: ReviewProps): JSX.Element {
  const [{ fetching }, sendTan] = useMutation(SendRecoveryTanMutation);
  const [problem, setProblem] = useState<string | null>(null);
  const [sent, setSent] = useState({ count: 0, phone: "", expiresAt: "" });
  const { newPassword, hasNewPhone, phoneNumber } = typed;

  const send = async () => {
    setProblem(null);
    const input = { recovery, newPassword, phoneNumber: hasNewPhone ? phoneNumber : null };
    const result = (await sendTan({ input })).data?.sendRecoveryTan;
    if (!result) return setProblem(m.common_unreachable());
    if (result.__typename === "RecoveryRefused") return onRefused(refusalText(result));
    if (result.__typename === "InvalidInput") return onChange(problemsOf(result));
    if (result.__typename !== "RecoveryTanSent") return setProblem(refusalText(result));
    const { expiresAt } = result;
    const phone = result.maskedPhoneNumber.replaceAll(" ", "\u00a0");
    setSent(({ count }) => ({ count: count + 1, phone, expiresAt }));
  };

  return (
    <>
      <WhatHappens phone={hasNewPhone ? phoneNumber : maskedPhoneNumber} />
      {problem && (
        <Message kind="danger" isAlert>
          <p>{problem}</p>
        </Message>
      )}
      {sent.count === 0 ? (
        <div class="buttons">
          <Button isBusy={fetching} onClick={() => void send()}>
            {m.recovery_send_tan()}
          </Button>
          <Button kind="quiet" onClick={() => onChange([])}>
            {m.recovery_change()}
          </Button>
        </div>
      ) : (
        <>
          <p role="status">{m.recovery_tan_sent({ phone: sent.phone })}</p>
          <RecoveryTanForm
            key={sent.count}
            recovery={recovery}
            expiresAt={sent.expiresAt}
            isSending={fetching}
            onSendAgain={() => void send()}
            onSignedIn={onSignedIn}
            onRefused={onRefused}
          />
        </>
      )}
    </>
  );
}
