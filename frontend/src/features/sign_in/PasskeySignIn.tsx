/** Signing in with a passkey: one press, one gesture. */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useDeviceProof } from "../../graphql/deviceProof";
import { graphql } from "../../graphql/graphql";
import { RefusalFragment, refusalText } from "../../graphql/refusal";
import { canUsePasskeys, getPasskey } from "../../lib/passkeys";
import type { ServerSession } from "../../lib/sessionClock";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Message } from "../../ui/Message";
import { Section } from "../../ui/Section";

const StartPasskeySignInMutation = graphql(`
  mutation StartPasskeySignIn {
    startPasskeySignIn {
      challenge
      options
    }
  }
`);

const SignInWithPasskeyMutation = graphql(
  `
    mutation SignInWithPasskey($input: SignInWithPasskeyInput!) {
      signInWithPasskey(input: $input) {
        __typename
        ... on SignedIn {
          viewer {
            id
            emailAddress
            session {
              signedInAt
              expiresAt
              idleExpiresAt
            }
          }
        }
        ...Refusal
      }
    }
  `,
  [RefusalFragment],
);

export function PasskeySignIn({
  onSignedIn,
}: {
  readonly onSignedIn: (session: ServerSession) => void;
}): JSX.Element {
  const [, start] = useMutation(StartPasskeySignInMutation);
  const [, finish] = useMutation(SignInWithPasskeyMutation);
  const proveDevice = useDeviceProof();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  const signIn = async (): Promise<string | null> => {
    const started = (await start({})).data?.startPasskeySignIn;
    if (!started) return m.common_unreachable();
    const credential = await getPasskey(started.options);
    if (!credential) return m.sign_in_passkey_cancelled();
    const answer = await finish({ input: { challenge: started.challenge, credential } });
    const result = answer.data?.signInWithPasskey;
    if (!result) return m.common_unreachable();
    if (result.__typename !== "SignedIn") return refusalText(result);
    // A passkey may be on several devices; this one's own key says which it is.
    await proveDevice(result.viewer.emailAddress).catch(() => null);
    onSignedIn(result.viewer.session);
    return null;
  };
  const press = async () => {
    setBusy(true);
    setProblem(null);
    setProblem(await signIn().catch(() => m.sign_in_passkey_cancelled()));
    setBusy(false);
  };

  return (
    <Section title={m.sign_in_passkey_title()}>
      {canUsePasskeys() ? (
        <>
          <p class="muted">{m.sign_in_passkey_text()}</p>
          {problem && (
            <Message kind="danger" isAlert>
              <p>{problem}</p>
            </Message>
          )}
          <div>
            <Button isBusy={isBusy} onClick={() => void press()}>
              {m.sign_in_passkey_action()}
            </Button>
          </div>
        </>
      ) : (
        <p class="muted">{m.sign_in_passkey_unsupported()}</p>
      )}
    </Section>
  );
}
