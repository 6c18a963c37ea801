/** After the letter: password and phone are typed, then looked at once more before anything is sent. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { FieldProblem } from "../../lib/fieldErrors";
import type { ServerSession } from "../../lib/sessionClock";
import { m } from "../../paraglide/messages.js";
import { Page } from "../../ui/Page";
import { CredentialsForm } from "./CredentialsForm";
import type { Credentials } from "./credentials";
import { Review } from "./Review";

interface NewCredentialsProps {
  readonly recovery: string;
  readonly maskedPhoneNumber: string;
  readonly onSignedIn: (session: ServerSession) => void;
  readonly onRefused: (message: string) => void;
}

export function NewCredentials({
  recovery,
  maskedPhoneNumber,
  onSignedIn,
  onRefused,
}: NewCredentialsProps): JSX.Element {
  const [typed, setTyped] = useState<Credentials>({
    newPassword: "",
    hasNewPhone: false,
    phoneNumber: "",
  });
  const [isReviewed, setReviewed] = useState(false);
  const [refused, setRefused] = useState<readonly FieldProblem[]>([]);

  if (!isReviewed) {
    return (
      <Page key="new" title={m.recovery_new_title()} lead={m.recovery_new_lead()}>
        <CredentialsForm
          typed={typed}
          maskedPhoneNumber={maskedPhoneNumber}
          refused={refused}
          onChange={(change) => setTyped({ ...typed, ...change })}
          onReady={() => setReviewed(true)}
        />
      </Page>
    );
  }
  return (
    <Page key="review" title={m.recovery_review_title()} lead={m.recovery_review_lead()}>
      <Review
        recovery={recovery}
        typed={typed}
        maskedPhoneNumber={maskedPhoneNumber}
        onChange={(problems) => {
          setRefused(problems);
          setReviewed(false);
        }}
        onSignedIn={onSignedIn}
        onRefused={onRefused}
      />
    </Page>
  );
}
