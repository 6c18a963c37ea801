/** For which contract: only those that the customer may hand in on, and that take this kind (F51 F52). */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { ClaimableContract } from "../../lib/claimFacts";
import { problemsAt, useFormProblems } from "../../lib/formProblems";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { ChoiceField } from "../../ui/ChoiceField";
import { EmptyState } from "../../ui/EmptyState";
import { Form } from "../../ui/Form";

interface ContractStepProps {
  readonly contracts: readonly ClaimableContract[];
  readonly initial: string | null;
  readonly changeKindHref: string;
  readonly onDone: (contract: ClaimableContract) => void;
}

export function ContractStep({
  contracts,
  initial,
  changeKindHref,
  onDone,
}: ContractStepProps): JSX.Element {
  const [id, setId] = useState(contracts.some((one) => one.id === initial) ? initial : null);
  const problems = useFormProblems();
  const chosen = contracts.find((one) => one.id === id);
  const submit = () => {
    problems.refuse(problemsAt({ contract: chosen ? null : m.claims_contract_missing() }));
    if (chosen) onDone(chosen);
  };
  if (contracts.length === 0) {
    return (
      <EmptyState title={m.claims_contract_none_of_kind()}>
        <p>{m.claims_contract_none_of_kind_text()}</p>
        <p>
          <a href={changeKindHref}>{m.claims_change_kind()}</a>
        </p>
      </EmptyState>
    );
  }
  return (
    <Form errors={problems.summary} isBusy={false} onSubmit={submit} layout="sections">
      <ChoiceField
        name="contract"
        label={m.claims_contract_question()}
        value={id}
        choices={contracts.map(({ id: value, number, productName, institution }) => ({
          value,
          label: productName,
          hint: `${institution} · ${number}`,
        }))}
        onChange={setId}
        error={problems.at("contract")}
      />
      <div>
        <Button type="submit">{m.claims_next()}</Button>
      </div>
    </Form>
  );
}
