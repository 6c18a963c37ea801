/** The TAN from a text message, as the last step of what was prepared; another one can be sent. */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { problemsOf, type Refused, refusalText } from "../graphql/refusal";
import { tanDigits } from "../lib/accountChecks";
import type { FieldProblem } from "../lib/fieldErrors";
import { formatTime } from "../lib/format";
import { useFormProblems } from "../lib/formProblems";
import { m } from "../paraglide/messages.js";
import { Button } from "./Button";
import { Field } from "./Field";
import { Form } from "./Form";

interface TanFormProps {
  readonly expiresAt: string;
  /** What the TAN completes: the words on the button. */
  readonly action: string;
  readonly isBusy: boolean;
  readonly isSending: boolean;
  readonly onSendAgain: () => void;
  /** Uses the TAN; answers what was wrong with it, nothing if the page goes on. */
  readonly onTan: (tan: string) => Promise<readonly FieldProblem[]>;
  /** Questions below the TAN. */
  readonly children?: ComponentChildren;
}

export function TanForm({
  expiresAt,
  action,
  isBusy,
  isSending,
  onSendAgain,
  onTan,
  children,
}: TanFormProps): JSX.Element {
  const problems = useFormProblems();
  const [typed, setTyped] = useState("");
  useEffect(() => document.getElementById("tan")?.focus(), []);

  const submit = async () => {
    const tan = tanDigits(typed);
    problems.refuse(tan ? await onTan(tan) : [{ field: "tan", message: m.account_tan_needed() }]);
  };

  return (
    <Form errors={problems.summary} isBusy={isBusy} onSubmit={() => void submit()}>
      <Field
        name="tan"
        label={m.account_tan()}
        hint={m.account_tan_hint({ time: formatTime(expiresAt) })}
        value={typed}
        onInput={setTyped}
        inputMode="numeric"
        autocomplete="one-time-code"
        error={problems.at("tan")}
        isShort
      />
      {children}
      <div class="buttons">
        <Button type="submit" isBusy={isBusy}>
          {action}
        </Button>
        <Button kind="quiet" isBusy={isSending} onClick={onSendAgain}>
          {m.account_send_new_tan()}
        </Button>
      </div>
    </Form>
  );
}

/** A wrong TAN is a problem of its field; after the last attempt only a new one helps. */
export function tanProblems(
  refused: (Refused & { readonly attemptsLeft?: number }) | undefined,
): readonly FieldProblem[] {
  if (refused?.attemptsLeft === undefined) return problemsOf(refused);
  const isUsedUp = refused.attemptsLeft === 0;
  return [{ field: "tan", message: isUsedUp ? m.account_tan_used_up() : refusalText(refused) }];
}
