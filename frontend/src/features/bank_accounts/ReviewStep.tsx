/** Third step: exactly what will be changed and signed, then the approval (F22, F88). */
import { useMutation } from "@urql/preact";
import type { ResultOf } from "gql.tada";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ApprovalFragment, useApproval } from "../../graphql/approvals";
import { graphql } from "../../graphql/graphql";
import { problemsOf, RefusalFragment } from "../../graphql/refusal";
import { formatContractNumber, formatDate, formatIban } from "../../lib/format";
import { useFormProblems } from "../../lib/formProblems";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { CheckField } from "../../ui/CheckField";
import { DataList } from "../../ui/DataList";
import { DateText } from "../../ui/DateText";
import { Form } from "../../ui/Form";
import { Page } from "../../ui/Page";
import { Row } from "../../ui/Row";
import { Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";
import type { Changed } from "./DoneStep";

export const BankAccountReviewQuery = graphql(
  `
    query BankAccountReview($contracts: [ID!]!, $iban: String!, $holder: String, $from: Date) {
      viewer {
        id
        bankAccountReview(
          contracts: $contracts
          iban: $iban
          holder: $holder
          effectiveFrom: $from
        ) {
          __typename
          ... on BankAccountReview {
            institution {
              id
              name
            }
            iban {
              formatted
              bankName
            }
            holder
            effectiveDate
            contracts {
              contract {
                id
                number
              }
              version
              mandateStep
              present {
                maskedIban
              }
              directDebit {
                mandateReference
              }
            }
            mandateText {
              title
              text
              sha256
            }
          }
          ...Refusal
        }
      }
    }
  `,
  [RefusalFragment],
);

const ChangeBankAccountMutation = graphql(
  `
    mutation ChangeBankAccount($input: ChangeBankAccountInput!) {
      changeBankAccount(input: $input) {
        __typename
        ... on ApprovalRequired {
          approval {
            ...Approval
          }
        }
        ...Refusal
      }
    }
  `,
  [ApprovalFragment, RefusalFragment],
);

type Answer = NonNullable<ResultOf<typeof BankAccountReviewQuery>["viewer"]>["bankAccountReview"];
export type Review = Extract<Answer, { __typename: "BankAccountReview" }>;

/** What was typed in the step before. */
export interface TypedAccount {
  readonly iban: string;
  /** null: the customer. */
  readonly holder: string | null;
  /** A civil date. */
  readonly from: string;
}

interface ReviewStepProps {
  readonly review: Review;
  readonly account: TypedAccount;
  readonly onBack: () => void;
  readonly onChanged: (changed: Changed) => void;
}

export function ReviewStep({ review, account, onBack, onChanged }: ReviewStepProps): JSX.Element {
  const [{ fetching }, change] = useMutation(ChangeBankAccountMutation);
  const approve = useApproval();
  const problems = useFormProblems();
  const [isSigned, setSigned] = useState(false);
  // The same change under one key: a lost answer is settled by sending it again.
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const text = review.mandateText;

  const submit = async () => {
    const isMissing = text && !isSigned;
    problems.refuse(
      isMissing ? [{ field: "mandateText", message: m.bank_accounts_mandate_missing() }] : [],
    );
    if (isMissing) return;
    const input = {
      contracts: review.contracts.map(({ contract, version }) => ({
        contract: contract.id,
        version,
      })),
      iban: account.iban,
      holder: account.holder,
      effectiveFrom: review.effectiveDate,
      mandateText: text?.sha256 ?? null,
      idempotencyKey,
    };
    const result = (await change({ input })).data?.changeBankAccount;
    if (result?.__typename !== "ApprovalRequired") {
      return problems.refuse(
        result?.__typename === "BankAccountChanged"
          ? [{ field: "", message: m.bank_accounts_done_before() }]
          : problemsOf(result),
      );
    }
    const changed = await approve(result.approval, "BankAccountChanged");
    if (changed) onChanged(changed);
  };
  return (
    <Page title={m.bank_accounts_review_title()} lead={m.bank_accounts_review_lead()}>
      <Form
        errors={problems.summary}
        isBusy={fetching}
        onSubmit={() => void submit()}
        layout="sections"
      >
        <Section title={m.bank_accounts_new_account()}>
          <DataList
            items={[
              [m.bank_accounts_iban(), review.iban.formatted],
              [m.bank_accounts_bank_name(), review.iban.bankName],
              [m.bank_accounts_holder(), review.holder],
              [m.bank_accounts_from(), <DateText key="from" date={review.effectiveDate} />],
            ]}
          />
        </Section>
        <Section title={review.institution.name}>
          <Rows>
            {review.contracts.map((one) => (
              <Row
                key={one.contract.id}
                title={formatContractNumber(one.contract.number)}
                detail={mandateWords(one)}
                figure={one.present && formatIban(one.present.maskedIban)}
                figureDetail={
                  one.present && m.bank_accounts_until({ date: formatDate(review.effectiveDate) })
                }
              />
            ))}
          </Rows>
        </Section>
        {text && (
          <Section title={text.title}>
            {text.text
              .split("\n\n")
              .slice(1)
              .map((paragraph) => (
                <p key={paragraph}>{paragraph}</p>
              ))}
            <CheckField
              name="mandateText"
              label={m.bank_accounts_mandate_sign()}
              isChecked={isSigned}
              onChange={setSigned}
              error={problems.at("mandateText")}
            />
          </Section>
        )}
        <div class="buttons">
          <Button type="submit" isBusy={fetching}>
            {m.bank_accounts_to_approval()}
          </Button>
          <Button kind="quiet" onClick={onBack}>
            {m.bank_accounts_back()}
          </Button>
        </div>
      </Form>
    </Page>
  );
}

function mandateWords({ mandateStep, directDebit }: Review["contracts"][number]): string {
  switch (mandateStep) {
    case "CONTINUES":
      return m.bank_accounts_mandate_continues({ reference: directDebit?.mandateReference ?? "" });
    case "NEW":
      return directDebit
        ? m.bank_accounts_mandate_replaced({ reference: directDebit.mandateReference })
        : m.bank_accounts_mandate_new();
    case "NONE":
      return m.bank_accounts_mandate_none();
  }
}
