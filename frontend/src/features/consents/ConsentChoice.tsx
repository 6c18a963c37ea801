/** One consent: its words, where the customer stands, and one press to give it or take it back (F19). */
import { useMutation } from "@urql/preact";
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { problemText, RefusalFragment } from "../../graphql/refusal";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Message } from "../../ui/Message";
import { Section } from "../../ui/Section";
import { consentState } from "./consentWords";

export const ConsentChoiceFragment = graphql(`
  fragment ConsentChoice on Consent {
    id
    purpose
    state
    decidedAt
    text(locale: $locale) {
      title
      text
      sha256
    }
  }
`);

const GrantConsentMutation = graphql(
  `
    mutation GrantConsent($input: GrantConsentInput!) {
      grantConsent(input: $input) {
        __typename
        ... on Consent {
          id
        }
        ...Refusal
      }
    }
  `,
  [RefusalFragment],
);

const WithdrawConsentMutation = graphql(
  `
    mutation WithdrawConsent($input: WithdrawConsentInput!) {
      withdrawConsent(input: $input) {
        __typename
        ... on Consent {
          id
        }
        ...Refusal
      }
    }
  `,
  [RefusalFragment],
);

/** Both answer the consent; the list of decisions has changed, too. */
const alsoChanged = { additionalTypenames: ["SettingsDecisionConnection"] };

interface ConsentChoiceProps {
  readonly consent: FragmentOf<typeof ConsentChoiceFragment>;
  readonly emailAddress: string;
}

export function ConsentChoice({ consent, emailAddress }: ConsentChoiceProps): JSX.Element {
  const { id, state, decidedAt, text } = readFragment(ConsentChoiceFragment, consent);
  const [granting, grant] = useMutation(GrantConsentMutation);
  const [withdrawing, withdraw] = useMutation(WithdrawConsentMutation);
  const [problem, setProblem] = useState<string | null>(null);

  const give = async () => {
    const input = { consent: id, text: text.sha256 };
    const result = (await grant({ input }, alsoChanged)).data?.grantConsent;
    setProblem(result?.__typename === "Consent" ? null : problemText(result));
  };
  const takeBack = async () => {
    const input = { consent: id };
    const result = (await withdraw({ input }, alsoChanged)).data?.withdrawConsent;
    setProblem(result?.__typename === "Consent" ? null : problemText(result));
  };

  const name = <span class="visually-hidden"> {text.title}</span>;
  return (
    <Section title={text.title}>
      {text.text
        .split("\n\n")
        .slice(1)
        .map((paragraph) => (
          <p key={paragraph}>{paragraph}</p>
        ))}
      <p role="status">
        <strong>{consentState(state, decidedAt)}</strong>
      </p>
      {state === "PENDING" && (
        <Message>
          <p>{m.consents_pending_text({ email: emailAddress })}</p>
        </Message>
      )}
      {problem && (
        <Message kind="danger" isAlert>
          <p>{problem}</p>
        </Message>
      )}
      <div class="buttons">
        {state === "NOT_GRANTED" ? (
          <Button kind="secondary" isBusy={granting.fetching} onClick={() => void give()}>
            {m.consents_give()}
            {name}
          </Button>
        ) : (
          <Button kind="secondary" isBusy={withdrawing.fetching} onClick={() => void takeBack()}>
            {m.consents_take_back()}
            {name}
          </Button>
        )}
        {state === "PENDING" && (
          <Button kind="quiet" isBusy={granting.fetching} onClick={() => void give()}>
            {m.consents_send_again()}
          </Button>
        )}
      </div>
    </Section>
  );
}
