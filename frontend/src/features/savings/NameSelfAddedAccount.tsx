/** The customer's own name for an account with another bank. */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { problemsOf, RefusalFragment } from "../../graphql/refusal";
import { useFormProblems } from "../../lib/formProblems";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Form } from "../../ui/Form";
import { Message } from "../../ui/Message";

const NameSelfAddedAccountMutation = graphql(
  `
    mutation NameSelfAddedAccount($input: NameSelfAddedAccountInput!) {
      nameSelfAddedAccount(input: $input) {
        __typename
        ... on SelfAddedAccount {
          id
          label
        }
        ...Refusal
      }
    }
  `,
  [RefusalFragment],
);

interface NameSelfAddedAccountProps {
  readonly id: string;
  readonly label: string;
}

export function NameSelfAddedAccount({ id, label }: NameSelfAddedAccountProps): JSX.Element {
  const [{ fetching }, name] = useMutation(NameSelfAddedAccountMutation);
  const [typed, setTyped] = useState(label);
  const [isSaved, setSaved] = useState(false);
  const problems = useFormProblems();
  const submit = async () => {
    problems.refuse([]);
    setSaved(false);
    const answer = await name({ input: { account: id, label: typed } });
    const result = answer.data?.nameSelfAddedAccount;
    if (result?.__typename !== "SelfAddedAccount") return problems.refuse(problemsOf(result));
    setSaved(true);
  };
  return (
    <Form errors={problems.summary} isBusy={fetching} onSubmit={() => void submit()}>
      {isSaved && (
        <Message kind="success" isAlert>
          <p>{m.self_added_account_label_saved()}</p>
        </Message>
      )}
      <Field
        name="label"
        label={m.self_added_account_label()}
        hint={m.self_added_account_label_hint()}
        value={typed}
        onInput={setTyped}
        maxLength={80}
        isOptional
        error={problems.at("label")}
      />
      <div>
        <Button kind="secondary" type="submit" isBusy={fetching}>
          {m.self_added_account_label_save()}
        </Button>
      </div>
    </Form>
  );
}
