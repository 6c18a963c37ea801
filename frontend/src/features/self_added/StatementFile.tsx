/** One file of a bank: on its way, refused for a reason, or what it brought. */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { problemsOf, RefusalFragment } from "../../graphql/refusal";
import type { FieldProblem } from "../../lib/fieldErrors";
import { m } from "../../paraglide/messages.js";
import { Message } from "../../ui/Message";
import type { AttachedFile } from "../../ui/useUploads";
import { StatementIban } from "./StatementIban";
import { type StatementAdded, StatementResult, StatementResultFragment } from "./StatementResult";

const AddAccountStatementMutation = graphql(
  `
    mutation AddAccountStatement($input: AddAccountStatementInput!) {
      addAccountStatement(input: $input) {
        __typename
        ...StatementResult
        ...Refusal
      }
    }
  `,
  [StatementResultFragment, RefusalFragment],
);

const CHANGED = ["SelfAddedData", "SelfAddedAccount", "TransactionConnection"];

export function StatementFile({ file }: { readonly file: AttachedFile }): JSX.Element {
  const { id, name, state, message } = file;
  const [{ fetching }, add] = useMutation(AddAccountStatementMutation);
  const [added, setAdded] = useState<StatementAdded | null>(null);
  const [problems, setProblems] = useState<readonly FieldProblem[]>([]);
  const send = async (iban: string | null) => {
    if (!id) return;
    const answer = await add({ input: { upload: id, iban } }, { additionalTypenames: CHANGED });
    const result = answer.data?.addAccountStatement;
    if (result?.__typename === "AccountStatementAdded") return setAdded(result);
    setProblems(problemsOf(result));
  };
  const isAccepted = state === "accepted";
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the file has been read
  useEffect(() => {
    if (isAccepted) void send(null);
  }, [isAccepted]);

  if (added) return <StatementResult name={name} result={added} />;
  if (problems.some(({ field }) => field === "iban")) {
    return (
      <StatementIban
        number={file.number}
        name={name}
        problems={problems}
        isBusy={fetching}
        onSend={(iban) => void send(iban)}
      />
    );
  }
  const reason = state === "refused" ? message : problems[0]?.message;
  if (reason !== undefined) {
    return (
      <Message kind="danger" title={m.self_added_account_refused({ name })} isAlert>
        <p>{reason}</p>
      </Message>
    );
  }
  return (
    <p class="muted" role="status">
      {state === "sending"
        ? m.self_added_account_sending({ name })
        : m.self_added_account_checking({ name })}
    </p>
  );
}
