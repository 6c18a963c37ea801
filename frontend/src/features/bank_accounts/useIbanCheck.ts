/** Asks the server about an IBAN as soon as its check digits fit: whose bank it is, or what is wrong. */
import { useQuery } from "@urql/preact";
import { graphql } from "../../graphql/graphql";
import { RefusalFragment } from "../../graphql/refusal";
import { compactIban, hasCheckDigits } from "../../lib/iban";

const IbanCheckQuery = graphql(
  `
    query IbanCheck($iban: String!) {
      viewer {
        id
        ibanCheck(iban: $iban) {
          __typename
          ... on Iban {
            bankName
            bic
          }
          ...Refusal
        }
      }
    }
  `,
  [RefusalFragment],
);

/** The server's judgement; undefined while there is none. */
export function useIbanCheck(typed: string) {
  const iban = compactIban(typed);
  const [{ data }] = useQuery({
    query: IbanCheckQuery,
    variables: { iban },
    pause: !hasCheckDigits(iban),
  });
  return hasCheckDigits(iban) ? data?.viewer?.ibanCheck : undefined;
}
