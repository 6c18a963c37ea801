/** Names and makes a new passkey on this device, once the customer has approved that (F103). */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ApprovalFragment, useApproval } from "../graphql/approvals";
import { graphql } from "../graphql/graphql";
import { problemsOf, RefusalFragment } from "../graphql/refusal";
import { type FieldProblem, fieldErrors, problemOf } from "../lib/fieldErrors";
import { canUsePasskeys, createPasskey } from "../lib/passkeys";
import { m } from "../paraglide/messages.js";
import { Button } from "./Button";
import { ErrorSummary } from "./ErrorSummary";
import { Field } from "./Field";
import { Message } from "./Message";

const StartPasskeyRegistrationMutation = graphql(
  `
    mutation StartPasskeyRegistration {
      startPasskeyRegistration {
        __typename
        ... on PasskeyChallenge {
          challenge
          options
        }
        ... on ApprovalRequired {
          approval {
            ...Approval
          }
        }
        ...Refusal
      }
    }
  `,
  [ApprovalFragment, RefusalFragment],
);

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

interface Ceremony {
  readonly challenge: string;
  readonly options: string;
}

const problem = (message: string, field = ""): FieldProblem[] => [{ field, message }];

export function AddPasskey({ onAdded }: { readonly onAdded: () => void }): JSX.Element {
  const [, start] = useMutation(StartPasskeyRegistrationMutation);
  const [, add] = useMutation(AddPasskeyMutation);
  const approve = useApproval();
  const [name, setName] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [added, setAdded] = useState<string | null>(null);
  const [problems, setProblems] = useState<FieldProblem[]>([]);

  const addNow = async (): Promise<FieldProblem[]> => {
    if (!name.trim()) return problem(m.profile_passkey_name_needed(), "name");
    const started = (await start({})).data?.startPasskeyRegistration;
    if (!started) return problem(m.profile_passkey_failed());
    let ceremony: Ceremony | null = null;
    if (started.__typename === "PasskeyChallenge") ceremony = started;
    else if (started.__typename !== "ApprovalRequired") return problemsOf(started);
    else ceremony = await approve(started.approval, "PasskeyChallenge");
    // Not approved: the dialog has said why, and the form stays as it is.
    if (!ceremony) return [];
    const credential = await createPasskey(ceremony.options);
    if (!credential) return problem(m.profile_passkey_cancelled());
    const { challenge } = ceremony;
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
