/** Sends what was typed; the answer is the same whether or not the address is known (F1). */
import { useMutation } from "@urql/preact";
import { graphql } from "../../graphql/graphql";
import { problemsOf, RefusalFragment } from "../../graphql/refusal";
import type { FieldProblem } from "../../lib/fieldErrors";
import { typedDate } from "../../lib/typedDate";
import type { RegistrationDraft } from "./registrationDraft";

const StartRegistrationMutation = graphql(
  `
    mutation StartRegistration($input: StartRegistrationInput!) {
      startRegistration(input: $input) {
        __typename
        ... on RegistrationStarted {
          emailAddress
          expiresAt
        }
        ...Refusal
      }
    }
  `,
  [RefusalFragment],
);

interface Started {
  readonly sent: RegistrationDraft["sent"];
  /** Empty if a mail is on its way. */
  readonly problems: readonly FieldProblem[];
}

/** `birthDate` must have been checked: without a date nothing can be sent. */
export function useStartRegistration() {
  const [{ fetching }, start] = useMutation(StartRegistrationMutation);
  const send = async ({ sent: _, ...typed }: RegistrationDraft): Promise<Started> => {
    const birthDate = typedDate(typed.birthDate) ?? "";
    const result = (await start({ input: { ...typed, birthDate } })).data?.startRegistration;
    if (result?.__typename !== "RegistrationStarted") {
      return { sent: null, problems: problemsOf(result) };
    }
    const { emailAddress, expiresAt } = result;
    return { sent: { emailAddress, expiresAt }, problems: [] };
  };
  return { isBusy: fetching, send };
}
