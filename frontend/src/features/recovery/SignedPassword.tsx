/** A new password, which a passkey signs: what is signed is this password and no other (M3). */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { problemsOf, RefusalFragment, refusalText } from "../../graphql/refusal";
import { newPasswordProblem } from "../../lib/accountChecks";
import type { FieldProblem } from "../../lib/fieldErrors";
import { problemsAt, useFormProblems } from "../../lib/formProblems";
import { canUsePasskeys, getPasskey } from "../../lib/passkeys";
import type { ServerSession } from "../../lib/sessionClock";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Form } from "../../ui/Form";
import { PasswordField } from "./PasswordField";

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

const whole = (message: string): FieldProblem[] => [{ field: "", message }];

export function SignedPassword({
  recovery,
  onSignedIn,
  onRefused,
  onOtherWay,
}: SignedPasswordProps): JSX.Element {
  const [, choose] = useMutation(ChooseRecoveryPasswordMutation);
  const [, recover] = useMutation(RecoverWithPasskeyMutation);
  const problems = useFormProblems();
  const [newPassword, setNewPassword] = useState("");
  const [isBusy, setBusy] = useState(false);

  const sign = async (): Promise<FieldProblem[]> => {
    const asked = (await choose({ input: { recovery, newPassword } })).data?.chooseRecoveryPassword;
    if (asked?.__typename === "RecoveryRefused") onRefused(refusalText(asked));
    if (asked?.__typename !== "RecoveryPasskeyRequired") return problemsOf(asked);
    const credential = await getPasskey(asked.options);
    if (!credential) return whole(m.recovery_passkey_cancelled());
    const result = (await recover({ input: { recovery, credential } })).data?.recoverWithPasskey;
    if (result?.__typename === "RecoveryRefused") onRefused(refusalText(result));
    if (result?.__typename !== "SignedIn") return problemsOf(result);
    onSignedIn(result.viewer.session);
    return [];
  };
  const submit = async () => {
    const found = problemsAt({ newPassword: newPasswordProblem(newPassword) });
    problems.refuse(found);
    if (found.length > 0) return;
    setBusy(true);
    problems.refuse(await sign().catch(() => whole(m.recovery_passkey_cancelled())));
    setBusy(false);
  };

  return (
    <Form errors={problems.summary} isBusy={isBusy} onSubmit={() => void submit()}>
      {canUsePasskeys() ? (
        <PasswordField value={newPassword} problems={problems} onInput={setNewPassword} />
      ) : (
        <p>{m.recovery_passkey_unsupported()}</p>
      )}
      <div class="buttons">
        {canUsePasskeys() && (
          <Button type="submit" isBusy={isBusy}>
            {m.recovery_password_sign()}
          </Button>
        )}
        <Button kind="quiet" onClick={onOtherWay}>
          {m.recovery_other_way()}
        </Button>
      </div>
    </Form>
  );
}
