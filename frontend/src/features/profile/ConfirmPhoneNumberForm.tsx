/** The TAN that the new number received proves that it reaches the customer (F18, F22). */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { RefusalFragment, refusalText } from "../../graphql/refusal";
import { tanDigits } from "../../lib/accountChecks";
import { formatTime } from "../../lib/format";
import { useFormProblems } from "../../lib/formProblems";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Form } from "../../ui/Form";
import type { PhoneNumberToConfirm } from "./PhoneNumberForm";

const ConfirmPhoneNumberMutation = graphql(
  `
    mutation ConfirmPhoneNumber($input: ConfirmPhoneNumberInput!) {
      confirmPhoneNumber(input: $input) {
        __typename
        ... on PhoneNumberChanged {
          maskedPhoneNumber
        }
        ...Refusal
      }
    }
  `,
  [RefusalFragment],
);

interface ConfirmPhoneNumberFormProps {
  readonly toConfirm: PhoneNumberToConfirm;
  /** With the new number, mostly hidden. */
  readonly onChanged: (maskedPhoneNumber: string) => void;
  readonly onStartAgain: () => void;
}

export function ConfirmPhoneNumberForm({
  toConfirm,
  onChanged,
  onStartAgain,
}: ConfirmPhoneNumberFormProps): JSX.Element {
  const [{ fetching }, confirm] = useMutation(ConfirmPhoneNumberMutation);
  const problems = useFormProblems();
  const [typed, setTyped] = useState("");
  useEffect(() => document.getElementById("tan")?.focus(), []);

  const submit = async () => {
    const tan = tanDigits(typed);
    if (!tan) return problems.refuse([{ field: "tan", message: m.account_tan_needed() }]);
    const answer = await confirm({ input: { challenge: toConfirm.challenge, tan } });
    const result = answer.data?.confirmPhoneNumber;
    if (result?.__typename === "PhoneNumberChanged") onChanged(result.maskedPhoneNumber);
    else if (!result) problems.refuse([{ field: "", message: m.common_unreachable() }]);
    else problems.refuse([{ field: "tan", message: refusalText(result) }]);
  };

  return (
    <Form errors={problems.summary} isBusy={fetching} onSubmit={() => void submit()}>
      <Field
        name="tan"
        label={m.profile_phone_tan()}
        hint={m.profile_phone_tan_hint({ time: formatTime(toConfirm.expiresAt) })}
        value={typed}
        onInput={setTyped}
        inputMode="numeric"
        autocomplete="one-time-code"
        error={problems.at("tan")}
        isShort
      />
      <div class="buttons">
        <Button type="submit" isBusy={fetching}>
          {m.profile_phone_confirm()}
        </Button>
        <Button kind="quiet" onClick={onStartAgain}>
          {m.profile_phone_again()}
        </Button>
      </div>
    </Form>
  );
}
