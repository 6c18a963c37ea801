/** Records that the answer was seen: looking at it is what a person does, not the query. */
import { useMutation } from "@urql/preact";
import { useEffect } from "preact/hooks";
import { graphql } from "../../graphql/graphql";

const MarkSubmissionReadMutation = graphql(`
  mutation MarkSubmissionRead($input: MarkSubmissionReadInput!) {
    markSubmissionRead(input: $input) {
      __typename
      ... on Submission {
        id
        answerReadAt
      }
      ... on Refusal {
        message
      }
    }
  }
`);

export function MarkSubmissionRead({ id }: { readonly id: string }): null {
  const [, mark] = useMutation(MarkSubmissionReadMutation);
  useEffect(() => {
    void mark({ input: { submission: id } });
  }, [id, mark]);
  return null;
}
