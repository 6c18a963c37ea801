/** Why a sign-in was refused, and from when one may try again. */
import { type FragmentOf, readFragment } from "gql.tada";
import { graphql } from "../../graphql/graphql";
import { formatTime } from "../../lib/format";
import { m } from "../../paraglide/messages.js";

export const SignInRefusalFragment = graphql(`
  fragment SignInRefusal on Refusal {
    __typename
    message
    ... on TooManyAttempts {
      retryAt
    }
  }
`);

export type SignInRefusal = FragmentOf<typeof SignInRefusalFragment>;

/** The server's sentence; with the time from which it makes sense to try again. */
export function refusalText(refusal: SignInRefusal): string {
  const read = readFragment(SignInRefusalFragment, refusal);
  if (read.__typename !== "TooManyAttempts") return read.message;
  return `${read.message} ${m.sign_in_retry_at({ time: formatTime(read.retryAt) })}`;
}
