/** Two ways in: a passkey, or password and then this device's key or a TAN. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { paths } from "../../lib/paths";
import { safeReturnPath, useSession } from "../../lib/session";
import type { ServerSession } from "../../lib/sessionClock";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Message } from "../../ui/Message";
import { Page } from "../../ui/Page";
import { Section } from "../../ui/Section";
import { PasskeySignIn } from "./PasskeySignIn";
import { PasswordForm } from "./PasswordForm";
import { type TanChallenge, TanForm } from "./TanForm";

export function SignInPage(): JSX.Element {
  const { query, route } = useLocation();
  const { reason, begin } = useSession();
  const [emailAddress, setEmailAddress] = useState("");
  const [tan, setTan] = useState<TanChallenge | null>(null);

  const enter = (session: ServerSession) => {
    begin(session);
    route(safeReturnPath(query.zurueck), true);
  };

  if (tan) {
    return (
      <Page
        key="tan"
        title={m.sign_in_tan_title()}
        lead={m.sign_in_tan_lead({ phone: tan.maskedPhoneNumber })}
      >
        <TanForm
          emailAddress={emailAddress}
          tan={tan}
          onSignedIn={enter}
          onStartAgain={() => setTan(null)}
        />
        <p class="muted small">
          {m.recovery_no_phone()} <a href={paths.lostAccess}>{m.recovery_title()}</a>
        </p>
      </Page>
    );
  }
  return (
    <Page key="start" title={m.sign_in_title()} lead={m.sign_in_lead()}>
      {reason === "expired" && (
        <Message kind="info" title={m.sign_in_expired_title()} isAlert>
          <p>{m.sign_in_expired_text()}</p>
        </Message>
      )}
      {reason === "left" && (
        <Message kind="success" title={m.sign_in_left_title()} isAlert>
          <p>{m.sign_in_left_text()}</p>
        </Message>
      )}
      <PasskeySignIn onSignedIn={enter} />
      <PasswordForm
        emailAddress={emailAddress}
        onEmailAddress={setEmailAddress}
        onTan={setTan}
        onSignedIn={enter}
      />
      <p>
        <a href={paths.lostAccess}>{m.recovery_title()}</a>
      </p>
      <Section title={m.sign_in_register_title()}>
        <p class="muted">{m.sign_in_register_text()}</p>
        <div>
          <Button kind="secondary" href={paths.register}>
            {m.sign_in_register()}
          </Button>
        </div>
      </Section>
    </Page>
  );
}
