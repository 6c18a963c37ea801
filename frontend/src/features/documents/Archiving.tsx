/** Puts a letter into the archive and takes it out again; the letter itself stays as it is. */
import { useMutation } from "@urql/preact";
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { problemsOf, RefusalFragment } from "../../graphql/refusal";
import { formatDate } from "../../lib/format";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Message } from "../../ui/Message";

export const ArchivingFragment = graphql(`
  fragment Archiving on Document {
    id
    archivedAt
  }
`);

const ArchiveDocumentMutation = graphql(
  `
  mutation ArchiveDocument($input: ArchiveDocumentInput!) {
    archiveDocument(input: $input) {
      __typename
      ... on Document {
        id
        archivedAt
      }
      ...Refusal
    }
  }
`,
  [RefusalFragment],
);

const UnarchiveDocumentMutation = graphql(
  `
  mutation UnarchiveDocument($input: UnarchiveDocumentInput!) {
    unarchiveDocument(input: $input) {
      __typename
      ... on Document {
        id
        archivedAt
      }
      ...Refusal
    }
  }
`,
  [RefusalFragment],
);

export function Archiving({
  document,
}: {
  readonly document: FragmentOf<typeof ArchivingFragment>;
}): JSX.Element {
  const { id, archivedAt } = readFragment(ArchivingFragment, document);
  const [archiving, archive] = useMutation(ArchiveDocumentMutation);
  const [unarchiving, unarchive] = useMutation(UnarchiveDocumentMutation);
  const [problems, setProblems] = useState<readonly string[]>([]);
  const press = async () => {
    const input = { document: id };
    const result = archivedAt
      ? (await unarchive({ input })).data?.unarchiveDocument
      : (await archive({ input })).data?.archiveDocument;
    setProblems(
      result?.__typename === "Document" ? [] : problemsOf(result).map(({ message }) => message),
    );
  };
  return (
    <div class="stack no-print">
      <p class="muted" role="status">
        {archivedAt && m.documents_archived_on({ date: formatDate(archivedAt) })}
      </p>
      {problems.length > 0 && (
        <Message kind="danger" isAlert>
          {problems.map((problem) => (
            <p key={problem}>{problem}</p>
          ))}
        </Message>
      )}
      <div class="buttons">
        <Button
          kind="secondary"
          isBusy={archiving.fetching || unarchiving.fetching}
          onClick={() => void press()}
        >
          {archivedAt ? m.documents_unarchive() : m.documents_archive()}
        </Button>
      </div>
    </div>
  );
}
