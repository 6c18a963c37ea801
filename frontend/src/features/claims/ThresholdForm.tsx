/** The customer's own limit: opened when it is to be changed. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { parseAmount, typedAmount } from "../../lib/amount";
import { problemsAt, useFormProblems } from "../../lib/formProblems";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { Form } from "../../ui/Form";

interface ThresholdFormProps {
  readonly contract: string;
  readonly threshold: string | null;
  readonly onChange: (amount: string | null) => Promise<void>;
}

export function ThresholdForm({ contract, threshold, onChange }: ThresholdFormProps): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const [typed, setTyped] = useState("");
  const problems = useFormProblems();
  const open = () => {
    setTyped(threshold ? typedAmount(threshold) : "");
    problems.refuse([]);
    setOpen(true);
  };
  const submit = async () => {
    const amount = parseAmount(typed);
    const isWrong = typed.trim() !== "" && !(Number(amount ?? Number.NaN) > 0);
    const found = problemsAt({ threshold: isWrong ? m.parked_amount_wrong() : null });
    problems.refuse(found);
    if (found.length > 0) return;
    await onChange(typed.trim() ? amount : null).then(
      () => setOpen(false),
      () => problems.refuse(problemsAt({ threshold: m.parked_not_saved() })),
    );
  };
  return (
    <div>
      <Button kind="quiet" onClick={open}>
        {threshold ? m.parked_threshold_change() : m.parked_threshold_set()}
        <span class="visually-hidden"> {m.parked_threshold_of({ contract })}</span>
      </Button>
      {isOpen && (
        <Dialog title={m.parked_threshold()} onClose={() => setOpen(false)}>
          <Form errors={problems.summary} isBusy={false} onSubmit={() => void submit()}>
            <Field
              name="threshold"
              label={m.parked_threshold_label()}
              hint={m.parked_threshold_hint()}
              value={typed}
              onInput={setTyped}
              error={problems.at("threshold")}
              inputMode="decimal"
              isShort
              isOptional
            />
            <div class="buttons">
              <Button type="submit">{m.parked_save()}</Button>
              <Button kind="secondary" onClick={() => setOpen(false)}>
                {m.common_cancel()}
              </Button>
            </div>
          </Form>
        </Dialog>
      )}
    </div>
  );
}
