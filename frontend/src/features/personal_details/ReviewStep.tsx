/** Second step: exactly what will be changed, then the approval (F22, F37). */
import { useMutation } from "@urql/preact";
import type { ResultOf, VariablesOf } from "gql.tada";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ApprovalFragment, useApproval } from "../../graphql/approvals";
import { graphql } from "../../graphql/graphql";
import { problemsOf, RefusalFragment } from "../../graphql/refusal";
import { useFormProblems } from "../../lib/formProblems";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { DataList } from "../../ui/DataList";
import { DateText } from "../../ui/DateText";
import { Form } from "../../ui/Form";
import { Page } from "../../ui/Page";
import { Row } from "../../ui/Row";
import { Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";
import type { DetailsChanged } from "./DetailsDone";

export const PersonalDetailsReviewQuery = graphql(
  `
    query PersonalDetailsReview(
      $institutions: [ID!]!
      $details: NewPersonalDetails!
      $from: Date
    ) {
      viewer {
        id
        personalDetailsReview(
          institutions: $institutions
          details: $details
          effectiveFrom: $from
        ) {
          __typename
          ... on PersonalDetailsReview {
            kind
            after
            effectiveDate
            institutions {
              institution {
                id
                name
              }
              version
              before
              contracts {
                id
                number
              }
            }
          }
          ...Refusal
        }
      }
    }
  `,
  [RefusalFragment],
);

const ChangePersonalDetailsMutation = graphql(
  `
    mutation ChangePersonalDetails($input: ChangePersonalDetailsInput!) {
      changePersonalDetails(input: $input) {
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

type Answer = NonNullable<
  ResultOf<typeof PersonalDetailsReviewQuery>["viewer"]
>["personalDetailsReview"];
export type DetailsReview = Extract<Answer, { __typename: "PersonalDetailsReview" }>;
export type NewDetails = VariablesOf<typeof PersonalDetailsReviewQuery>["details"];

interface Evidence {
  readonly id: string;
  readonly name: string;
}

interface ReviewStepProps {
  readonly review: DetailsReview;
  readonly details: NewDetails;
  readonly evidence: readonly Evidence[];
  readonly onBack: () => void;
  readonly onChanged: (changed: DetailsChanged) => void;
}

export function ReviewStep({
  review,
  details,
  evidence,
  onBack,
  onChanged,
}: ReviewStepProps): JSX.Element {
  const [{ fetching }, change] = useMutation(ChangePersonalDetailsMutation);
  const approve = useApproval();
  const problems = useFormProblems();
  // The same change under one key: a lost answer is settled by sending it again.
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const isName = review.kind === "NAME";

  const submit = async () => {
    problems.refuse([]);
    const input = {
      institutions: review.institutions.map(({ institution, version }) => ({
        institution: institution.id,
        version,
      })),
      details,
      effectiveFrom: isName ? null : review.effectiveDate,
      evidence: evidence.map(({ id }) => id),
      idempotencyKey,
    };
    const result = (await change({ input })).data?.changePersonalDetails;
    if (result?.__typename !== "ApprovalRequired") {
      return problems.refuse(
        result?.__typename === "PersonalDetailsChanged"
          ? [{ field: "", message: m.personal_details_done_before() }]
          : problemsOf(result),
      );
    }
    const changed = await approve(result.approval, "PersonalDetailsChanged");
    if (changed) onChanged(changed);
  };
  return (
    <Page title={m.personal_details_review_title()} lead={m.personal_details_review_lead()}>
      <Form
        errors={problems.summary}
        isBusy={fetching}
        onSubmit={() => void submit()}
        layout="sections"
      >
        <Section title={isName ? m.personal_details_new_name() : m.personal_details_new_address()}>
          <DataList
            items={[
              [isName ? m.personal_details_name() : m.personal_details_address(), review.after],
              [
                m.personal_details_from(),
                isName ? null : <DateText key="from" date={review.effectiveDate} />,
              ],
              [m.personal_details_evidence(), evidence.map(({ name }) => name).join(", ")],
            ]}
          />
        </Section>
        <Section title={m.personal_details_told()}>
          <Rows>
            {review.institutions.map(({ institution, before, contracts }) => (
              <Row
                key={institution.id}
                title={institution.name}
                detail={[
                  before && m.personal_details_before({ details: before }),
                  contracts.map(({ number }) => number).join(", "),
                ]
                  .filter(Boolean)
                  .join(" · ")}
              />
            ))}
          </Rows>
        </Section>
        <div class="buttons">
          <Button type="submit" isBusy={fetching}>
            {m.personal_details_to_approval()}
          </Button>
          <Button kind="quiet" onClick={onBack}>
            {m.personal_details_back()}
          </Button>
        </div>
      </Form>
    </Page>
  );
}
