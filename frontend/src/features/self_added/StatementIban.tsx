/** An export that names no account: its customer says which one it is. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { type FieldProblem, problemOf } from "../../lib/fieldErrors";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Form } from "../../ui/Form";

interface StatementIbanProps {
  /** Tells the fields of several files apart. */
  readonly number: number;
  readonly name: string;
  readonly problems: readonly FieldProblem[];
  readonly isBusy: boolean;
  readonly onSend: (iban: string) => void;
}

export function StatementIban({
  number,
  name,
  problems,
  isBusy,
  onSend,
}: StatementIbanProps): JSX.Element {
  const [iban, setIban] = useState("");
  const [isSent, setSent] = useState(false);
  // The first time it is a question, no mistake of the customer's.
  const error = isSent ? problemOf(problems, "iban") : undefined;
  return (
    <Form
      errors={[]}
      isBusy={isBusy}
      onSubmit={() => {
        setSent(true);
        onSend(iban);
      }}
    >
      <Field
        name={`iban-${number}`}
        label={m.self_added_account_iban()}
        hint={m.self_added_account_iban_hint({ name })}
        value={iban}
        onInput={setIban}
        error={error}
      />
      <div>
        <Button type="submit" isBusy={isBusy}>
          {m.self_added_account_iban_send()}
        </Button>
      </div>
    </Form>
  );
}
