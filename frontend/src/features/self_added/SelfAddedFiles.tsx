/** The files kept with an own entry: taken out with one press, removed with another. */
import { useMutation } from "@urql/preact";
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { problemText, RefusalFragment } from "../../graphql/refusal";
import { formatCount, formatDate } from "../../lib/format";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { type Outcome, OutcomeMessage } from "../../ui/OutcomeMessage";
import { Row } from "../../ui/Row";
import { Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";

export const SelfAddedFilesFragment = graphql(`
  fragment SelfAddedFiles on SelfAddedContract {
    documents {
      id
      fileName
      size
      addedAt
      downloadUrl
    }
  }
`);

const RemoveSelfAddedDocumentMutation = graphql(
  `
    mutation RemoveSelfAddedDocument($input: RemoveSelfAddedDocumentInput!) {
      removeSelfAddedDocument(input: $input) {
        __typename
        ... on SelfAddedContract {
          id
          documents {
            id
          }
        }
        ...Refusal
      }
    }
  `,
  [RefusalFragment],
);

export function SelfAddedFiles({
  contract,
}: {
  readonly contract: FragmentOf<typeof SelfAddedFilesFragment>;
}): JSX.Element {
  const { documents } = readFragment(SelfAddedFilesFragment, contract);
  const [, remove] = useMutation(RemoveSelfAddedDocumentMutation);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const press = async (document: string) => {
    setOutcome(null);
    const answer = await remove(
      { input: { document } },
      { additionalTypenames: ["SelfAddedData", "SelfAddedDocument"] },
    );
    const result = answer.data?.removeSelfAddedDocument;
    if (result?.__typename === "SelfAddedContract") {
      return setOutcome({ kind: "success", text: m.self_added_file_removed() });
    }
    setOutcome({ kind: "danger", text: problemText(result) });
  };
  return (
    <Section title={m.self_added_files_title()}>
      <OutcomeMessage outcome={outcome} />
      {documents.length === 0 ? (
        <p class="muted">{m.self_added_files_none()}</p>
      ) : (
        <Rows>
          {documents.map(({ id, fileName, size, addedAt, downloadUrl }) => (
            <Row
              key={id}
              title={
                <a href={downloadUrl} download={fileName}>
                  {fileName}
                </a>
              }
              detail={`${m.self_added_file_size({ size: formatCount(Math.ceil(size / 1000)) })} · ${formatDate(addedAt)}`}
              action={
                <Button kind="quiet" onClick={() => void press(id)}>
                  {m.self_added_file_remove()}
                  <span class="visually-hidden"> {fileName}</span>
                </Button>
              }
            />
          ))}
        </Rows>
      )}
    </Section>
  );
}
