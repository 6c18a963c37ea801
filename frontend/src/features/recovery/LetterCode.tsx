/** The code of the letter and the date of birth; which of them is wrong is never told. */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { problemsOf, RefusalFragment, refusalText } from "../../graphql/refusal";
import { isActivationCode } from "../../lib/activationCode";
import { problemsAt, useFormProblems } from "../../lib/formProblems";
import { birthDateProblem, typedDate } from "../../lib/typedDate";
import { m } from "../../paraglide/messages.js";
import { BirthDateField } from "../../ui/BirthDateField";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Form } from "../../ui/Form";

const ProveRecoveryLetterMutation = graphql(
  `
    mutation ProveRecoveryLetter($input: ProveRecoveryLetterInput!) {
      proveRecoveryLetter(input: $input) {
        __typename
        ... on RecoveryLetterAccepted {
          maskedPhoneNumber
        }
        ...Refusal
      }
    }
  `,
  [RefusalFragment],
);

interface LetterCodeProps {
  readonly recovery: string;
  /** With the account's present number, mostly hidden. */
  readonly onProved: (maskedPhoneNumber: string) => void;
  readonly onRefused: (message: string) => void;
  readonly onOtherWay: () => void;
}

export function LetterCode({
  recovery,
  onProved,
  onRefused,
  onOtherWay,
}: LetterCodeProps): JSX.Element {
  const [{ fetching }, prove] = useMutation(ProveRecoveryLetterMutation);
  const problems = useFormProblems();
  const [activationCode, setActivationCode] = useState("");
  const [typed, setTyped] = useState("");

  const submit = async () => {
    const found = problemsAt({
      activationCode: isActivationCode(activationCode) ? null : m.recovery_code_wrong(),
      birthDate: birthDateProblem(typed),
    });
    problems.refuse(found);
    if (found.length > 0) return;
    const input = { recovery, activationCode, birthDate: typedDate(typed) ?? "" };
    const result = (await prove({ input })).data?.proveRecoveryLetter;
    if (result?.__typename === "RecoveryRefused") return onRefused(refusalText(result));
    if (result?.__typename === "RecoveryLetterAccepted") return onProved(result.maskedPhoneNumber);
    problems.refuse(problemsOf(result));
  };

  return (
    <Form errors={problems.summary} isBusy={fetching} onSubmit={() => void submit()}>
      <Field
        name="activationCode"
        label={m.recovery_code()}
        hint={m.recovery_code_hint()}
        value={activationCode}
        onInput={setActivationCode}
        error={problems.at("activationCode")}
      />
      <BirthDateField value={typed} problems={problems} onInput={setTyped} />
      <div class="buttons">
        <Button type="submit" isBusy={fetching}>
          {m.recovery_continue()}
        </Button>
        <Button kind="quiet" onClick={onOtherWay}>
          {m.recovery_other_way()}
        </Button>
      </div>
    </Form>
  );
}
