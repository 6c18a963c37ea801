/** A new password, which a passkey signs: what is signed is this password and no other (M3). */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { problemsOf, RefusalFragment, refusalText } from "../../graphql/refusal";
import type { FieldProblem } from "../../lib/fieldErrors";
import { canUsePasskeys, getPasskey } from "../../lib/passkeys";
import type { ServerSession } from "../../lib/sessionClock";
import { m } from "../../paraglide/messages.js";
import { NewPasswordForm, whole } from "./NewPasswordForm";

const ChooseRecoveryPasswordMutation = graphql(
  `
    mutation ChooseRecoveryPassword($input: ChooseRecoveryPasswordInput!) {
      chooseRecoveryPassword(input: $input) {
        __typename
        ... on RecoveryPasskeyRequired {
          options
        }
        ...Refusal
      }
    }
  `,
  [RefusalFragment],
);

const RecoverWithPasskeyMutation = graphql(
  `
    mutation RecoverWithPasskey($input: RecoverWithPasskeyInput!) {
      recoverWithPasskey(input: $input) {
        __typename
        ... on SignedIn {
          viewer {
            id
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

interface SignedPasswordProps {
  readonly recovery: string;
  readonly onSignedIn: (session: ServerSession) => void;
  readonly onRefused: (message: string) => void;
  readonly onOtherWay: () => void;
}

export function SignedPassword({
  recovery,
  onSignedIn,
  onRefused,
  onOtherWay,
}: SignedPasswordProps): JSX.Element {
  const [, choose] = useMutation(ChooseRecoveryPasswordMutation);
  const [, recover] = useMutation(RecoverWithPasskeyMutation);
  const sign = async (newPassword: string): Promise<FieldProblem[]> => {
    const asked = (await choose({ input: { recovery, newPassword } })).data?.chooseRecoveryPassword;
    if (asked?.__typename === "RecoveryRefused") onRefused(refusalText(asked));
    if (asked?.__typename === "RecoveryDeviceRequired") return problemsOf(undefined);
    if (asked?.__typename !== "RecoveryPasskeyRequired") return problemsOf(asked);
    const credential = await getPasskey(asked.options);
    if (!credential) return whole(m.recovery_passkey_cancelled());
    const result = (await recover({ input: { recovery, credential } })).data?.recoverWithPasskey;
    if (result?.__typename === "RecoveryRefused") onRefused(refusalText(result));
    if (result?.__typename !== "SignedIn") return problemsOf(result);
    onSignedIn(result.viewer.session);
    return [];
  };
  return (
    <NewPasswordForm
      action={m.recovery_password_sign()}
      obstacle={canUsePasskeys() ? null : <p>{m.recovery_passkey_unsupported()}</p>}
      failed={m.recovery_passkey_cancelled()}
      onSign={sign}
      onOtherWay={onOtherWay}
    />
  );
}
