/** Names and makes a new passkey on this device. */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../graphql/graphql";
import { type FieldProblem, fieldErrors, problemOf } from "../lib/fieldErrors";
import { canUsePasskeys, createPasskey } from "../lib/passkeys";
import { m } from "../paraglide/messages.js";
import { Button } from "./Button";
import { ErrorSummary } from "./ErrorSummary";
import { Field } from "./Field";
import { Message } from "./Message";

const StartPasskeyRegistrationMutation = graphql(`
  mutation StartPasskeyRegistration {
    startPasskeyRegistration {
      __typename
      ... on PasskeyChallenge {
        challenge
        options
      }
      ... on Refusal {
        message
      }
    }
  }
`);

const AddPasskeyMutation = graphql(`
  mutation AddPasskey($input: AddPasskeyInput!) {
    addPasskey(input: $input) {
      __typename
      ... on Passkey {
        id
        name
      }
      ... on InvalidInput {
        fields {
          path
          message
        }
      }
      ... on Refusal {
        message
      }
    }
  }
`);

const problem = (message: string, field = ""): FieldProblem[] => [{ field, message }];

export function AddPasskey({ onAdded }: { readonly onAdded: () => void }): JSX.Element {
  const [, start] = useMutation(StartPasskeyRegistrationMutation);
  const [, add] = useMutation(AddPasskeyMutation);
  const [name, setName] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [added, setAdded] = useState<string | null>(null);
  const [problems, setProblems] = useState<FieldProblem[]>([]);

  const addNow = async (): Promise<FieldProblem[]> => {
    if (!name.trim()) return problem(m.profile_passkey_name_needed(), "name");
    const started = (await start({})).data?.startPasskeyRegistration;
    if (!started) return problem(m.profile_passkey_failed());
    if (started.__typename !== "PasskeyChallenge") return problem(started.message);
    const credential = await createPasskey(started.options);
    if (!credential) return problem(m.profile_passkey_cancelled());
    const { challenge } = started;
    const answer = await add({ input: { challenge, credential, name: name.trim() } });
    const result = answer.data?.addPasskey;
    if (!result) return problem(m.profile_passkey_failed());
    if (result.__typename === "InvalidInput") return fieldErrors(result.fields);
    if (result.__typename !== "Passkey") return problem(result.message);
    setAdded(result.name);
    setName("");
    onAdded();
    return [];
  };
  const submit = async () => {
    setBusy(true);
    setAdded(null);
    setProblems(await addNow().catch(() => problem(m.profile_passkey_failed())));
    setBusy(false);
  };

  if (!canUsePasskeys()) return <p class="muted">{m.profile_passkey_unsupported()}</p>;
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy) void submit();
      }}
    >
      {added && (
        <Message kind="success" title={m.profile_passkey_added_title()} isAlert>
          <p>{m.profile_passkey_added_text({ name: added })}</p>
        </Message>
      )}
      <ErrorSummary errors={problems} />
      <Field
        name="name"
        label={m.profile_passkey_name()}
        hint={m.profile_passkey_name_hint()}
        value={name}
        onInput={setName}
        maxLength={60}
        error={problemOf(problems, "name")}
      />
      <div>
        <Button type="submit" kind="secondary" isBusy={isBusy}>
          {m.profile_passkey_add()}
        </Button>
      </div>
    </form>
  );
}
