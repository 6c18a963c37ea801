/** One institution's letters: how they come, and one press to change that from the next one on. */
import { useMutation } from "@urql/preact";
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { problemText, RefusalFragment } from "../../graphql/refusal";
import { formatDate } from "../../lib/format";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Message } from "../../ui/Message";
import { Section } from "../../ui/Section";

export const DeliveryChoiceFragment = graphql(`
  fragment DeliveryChoice on DeliveryPreference {
    institution {
      id
      name
    }
    channel
    since
    isOptIn
    text(locale: $locale) {
      text
      sha256
    }
  }
`);

const ChooseDeliveryChannelMutation = graphql(
  `
    mutation ChooseDeliveryChannel($input: ChooseDeliveryChannelInput!) {
      chooseDeliveryChannel(input: $input) {
        __typename
        ... on DeliveryPreference {
          channel
        }
        ...Refusal
      }
    }
  `,
  [RefusalFragment],
);

const alsoChanged = { additionalTypenames: ["SettingsDecisionConnection"] };

export function DeliveryChoice({
  preference,
}: {
  readonly preference: FragmentOf<typeof DeliveryChoiceFragment>;
}): JSX.Element {
  const { institution, channel, since, isOptIn, text } = readFragment(
    DeliveryChoiceFragment,
    preference,
  );
  const [{ fetching }, choose] = useMutation(ChooseDeliveryChannelMutation);
  const [problem, setProblem] = useState<string | null>(null);
  const words = isOptIn ? optInWords : usualWords;

  const change = async () => {
    const input = {
      institution: institution.id,
      channel: channel === "PAPER" ? ("POSTBOX" as const) : ("PAPER" as const),
      text: text?.sha256 ?? null,
    };
    const result = (await choose({ input }, alsoChanged)).data?.chooseDeliveryChannel;
    setProblem(result?.__typename === "DeliveryPreference" ? null : problemText(result));
  };

  return (
    <Section title={institution.name}>
      <p role="status">
        <strong>{words[channel].state()}</strong>
        {since && `, ${m.profile_consent_since({ date: formatDate(since) })}`}
      </p>
      {text &&
        channel === "PAPER" &&
        text.text
          .split("\n\n")
          .slice(1)
          .map((paragraph) => <p key={paragraph}>{paragraph}</p>)}
      {problem && (
        <Message kind="danger" isAlert>
          <p>{problem}</p>
        </Message>
      )}
      <div>
        <Button kind="secondary" isBusy={fetching} onClick={() => void change()}>
          {words[channel].change()}
          <span class="visually-hidden"> {institution.name}</span>
        </Button>
      </div>
    </Section>
  );
}

const usualWords = {
  POSTBOX: { state: m.consents_digital, change: m.consents_to_paper },
  PAPER: { state: m.consents_digital_and_paper, change: m.consents_to_digital },
};

/** A health fund's letters: digital after a consent, else on paper alone (F107). */
const optInWords = {
  POSTBOX: { state: m.consents_digital, change: m.consents_app_take_back },
  PAPER: { state: m.consents_paper_only, change: m.consents_app_agree },
};
