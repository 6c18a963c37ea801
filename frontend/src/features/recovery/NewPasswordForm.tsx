/** A new password that something signs next; the person may also choose another way. */
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { newPasswordProblem } from "../../lib/accountChecks";
import type { FieldProblem } from "../../lib/fieldErrors";
import { problemsAt, useFormProblems } from "../../lib/formProblems";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Form } from "../../ui/Form";
import { PasswordField } from "./PasswordField";

interface NewPasswordFormProps {
  readonly action: string;
  /** Shown instead of the field where this browser can't sign. */
  readonly obstacle: ComponentChildren;
  /** Said when signing fails without a word. */
  readonly failed: string;
  readonly onSign: (newPassword: string) => Promise<FieldProblem[]>;
  readonly onOtherWay: () => void;
}

export const whole = (message: string): FieldProblem[] => [{ field: "", message }];

export function NewPasswordForm({
  action,
  obstacle,
  failed,
  onSign,
  onOtherWay,
}: NewPasswordFormProps): JSX.Element {
  const problems = useFormProblems();
  const [newPassword, setNewPassword] = useState("");
  const [isBusy, setBusy] = useState(false);

  const submit = async () => {
    const found = problemsAt({ newPassword: newPasswordProblem(newPassword) });
    problems.refuse(found);
    if (found.length > 0) return;
    setBusy(true);
    problems.refuse(await onSign(newPassword).catch(() => whole(failed)));
    setBusy(false);
  };

  return (
    <Form errors={problems.summary} isBusy={isBusy} onSubmit={() => void submit()}>
      {obstacle || (
        <PasswordField value={newPassword} problems={problems} onInput={setNewPassword} />
      )}
      <div class="buttons">
        {!obstacle && (
          <Button type="submit" isBusy={isBusy}>
            {action}
          </Button>
        )}
        <Button kind="quiet" onClick={onOtherWay}>
          {m.recovery_other_way()}
        </Button>
      </div>
    </Form>
  );
}
