/** Any refusal of a mutation as the problems of a form: at its fields, or for the form as a whole. */
import { type FragmentOf, readFragment } from "gql.tada";
import { type FieldProblem, fieldErrors } from "../lib/fieldErrors";
import { formatDateTime } from "../lib/format";
import { m } from "../paraglide/messages.js";
import { graphql } from "./graphql";

export const RefusalFragment = graphql(`
  fragment Refusal on Refusal {
    __typename
    message
    ... on InvalidInput {
      fields {
        path
        message
      }
    }
    ... on TooManyAttempts {
      retryAt
    }
  }
`);

export type Refused = FragmentOf<typeof RefusalFragment>;

/**
 * What the server objects to, in its own words; with the moment from which it makes sense to try
 * again. No answer at all is a problem of the connection, not of what was typed.
 */
export function problemsOf(refused: Refused | undefined): FieldProblem[] {
  if (!refused) return [{ field: "", message: m.common_unreachable() }];
  const refusal = readFragment(RefusalFragment, refused);
  if (refusal.__typename === "InvalidInput") return fieldErrors(refusal.fields);
  return [{ field: "", message: refusalText(refused) }];
}

/** All of it as one text, for where there are no fields. */
export function problemText(refused: Refused | undefined): string {
  return problemsOf(refused)
    .map(({ message }) => message)
    .join(" ");
}

/** The server's sentence, with the moment from which it makes sense to try again. */
export function refusalText(refused: Refused): string {
  const refusal = readFragment(RefusalFragment, refused);
  if (refusal.__typename !== "TooManyAttempts") return refusal.message;
  return `${refusal.message} ${m.common_retry_at({ time: formatDateTime(refusal.retryAt) })}`;
}
