/** Second step: exactly what will be sent, word for word (F126, F127). */
import { useMutation } from "@urql/preact";
import type { ResultOf } from "gql.tada";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { ReceiptFragment } from "../../graphql/receipts";
import { problemsOf, RefusalFragment } from "../../graphql/refusal";
import { discardDraft, keepDraft, keptDraft, keyFor } from "../../lib/drafts";
import { useFormProblems } from "../../lib/formProblems";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Form } from "../../ui/Form";
import { Message } from "../../ui/Message";
import { Page } from "../../ui/Page";
import { PlainText } from "../../ui/PlainText";
import { Section } from "../../ui/Section";

const SendSupportRequestMutation = graphql(
  `
    mutation SendSupportRequest($input: SendSupportRequestInput!) {
      sendSupportRequest(input: $input) {
        __typename
        ... on SupportRequest {
          conversation {
            id
          }
          diagnostics {
            id
          }
          receipt {
            ...Receipt
          }
        }
        ...Refusal
      }
    }
  `,
  [ReceiptFragment, RefusalFragment],
);

type Answer = ResultOf<typeof SendSupportRequestMutation>["sendSupportRequest"];
export type SentRequest = Extract<Answer, { __typename: "SupportRequest" }>;

export interface Reviewed {
  readonly text: string;
  /** What the customer sees here is what is sent; null: nothing goes along. */
  readonly diagnostics: string | null;
}

interface ReviewStepProps {
  /** Under which a draft is kept. */
  readonly place: string;
  readonly desk: string;
  readonly reviewed: Reviewed;
  readonly onBack: () => void;
  readonly onSent: (sent: SentRequest) => void;
}

export function ReviewStep({
  place,
  desk,
  reviewed,
  onBack,
  onSent,
}: ReviewStepProps): JSX.Element {
  const [{ fetching }, send] = useMutation(SendSupportRequestMutation);
  const problems = useFormProblems();
  const [isKept, setKept] = useState(() => keptDraft<Reviewed>(place) !== null);
  const { text, diagnostics } = reviewed;

  const submit = async () => {
    problems.refuse([]);
    const idempotencyKey = keyFor(place, JSON.stringify(reviewed));
    const answer = await send({ input: { text, diagnostics, idempotencyKey } });
    const result = answer.data?.sendSupportRequest;
    if (!result) {
      keepDraft(place, reviewed);
      setKept(true);
    }
    if (result?.__typename !== "SupportRequest") {
      // The field itself stands one step before.
      return problems.refuse(problemsOf(result).map(({ message }) => ({ field: "", message })));
    }
    discardDraft(place);
    onSent(result);
  };
  const leave = () => {
    discardDraft(place);
    onBack();
  };
  return (
    <Page title={m.support_review_title()} lead={m.support_to({ name: desk })}>
      <Form
        errors={problems.summary}
        isBusy={fetching}
        onSubmit={() => void submit()}
        layout="sections"
      >
        {isKept && (
          <Message title={m.messages_draft_title()}>
            <p>{m.support_draft_text()}</p>
          </Message>
        )}
        <Section title={m.support_text()}>
          <PlainText text={text} />
        </Section>
        <Section title={m.support_data_title()}>
          {diagnostics === null ? (
            <p>{m.support_along_none()}</p>
          ) : (
            <PlainText text={diagnostics} />
          )}
        </Section>
        <p class="muted">{m.support_review_text()}</p>
        <div class="buttons">
          <Button type="submit" isBusy={fetching}>
            {m.support_send()}
          </Button>
          <Button kind="quiet" onClick={leave}>
            {m.support_change()}
          </Button>
        </div>
      </Form>
    </Page>
  );
}
