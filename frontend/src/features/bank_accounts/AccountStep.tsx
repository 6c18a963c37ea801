/** Second step: the new account, whose it is and from when; the server reviews it. */
import { useClient } from "@urql/preact";
import { readFragment } from "gql.tada";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { problemsOf, RefusalFragment } from "../../graphql/refusal";
import { problemsAt, useFormProblems } from "../../lib/formProblems";
import { hasCheckDigits } from "../../lib/iban";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Form } from "../../ui/Form";
import { Page } from "../../ui/Page";
import { SelectField } from "../../ui/SelectField";
import { BankAccountReviewQuery, type Review, type TypedAccount } from "./ReviewStep";
import { useIbanCheck } from "./useIbanCheck";

interface AccountStepProps {
  readonly name: string;
  readonly today: string;
  readonly contracts: readonly string[];
  readonly account: TypedAccount;
  readonly onInput: (account: TypedAccount) => void;
  readonly onBack: () => void;
  readonly onReviewed: (review: Review) => void;
}

export function AccountStep({
  name,
  today,
  contracts,
  account,
  onInput,
  onBack,
  onReviewed,
}: AccountStepProps): JSX.Element {
  const client = useClient();
  const problems = useFormProblems();
  const [isBusy, setBusy] = useState(false);
  const { iban, holder, from } = account;
  const check = useIbanCheck(iban);
  const refused =
    check && check.__typename !== "Iban" ? readFragment(RefusalFragment, check) : null;
  const wrong = refused?.__typename === "InvalidInput" ? refused.fields[0]?.message : undefined;

  const submit = async () => {
    const found = problemsAt({
      iban: iban.trim() ? null : m.bank_accounts_iban_missing(),
      holder: holder === null || holder.trim() ? null : m.bank_accounts_holder_missing(),
    });
    problems.refuse(found);
    if (found.length > 0) return;
    setBusy(true);
    const variables = { contracts: [...contracts], iban, holder, from: from || today };
    const answer = await client
      .query(BankAccountReviewQuery, variables, { requestPolicy: "network-only" })
      .toPromise();
    setBusy(false);
    const review = answer.data?.viewer?.bankAccountReview;
    if (review?.__typename !== "BankAccountReview") return problems.refuse(problemsOf(review));
    onReviewed(review);
  };
  return (
    <Page title={m.bank_accounts_account_title()} lead={m.bank_accounts_account_lead()}>
      <Form errors={problems.summary} isBusy={isBusy} onSubmit={() => void submit()}>
        <Field
          name="iban"
          label={m.bank_accounts_iban()}
          hint={m.bank_accounts_iban_hint()}
          value={iban}
          maxLength={60}
          onInput={(typed) => onInput({ ...account, iban: typed })}
          onLeave={() =>
            problems.leave(
              "iban",
              iban && !hasCheckDigits(iban) ? m.bank_accounts_iban_typo() : null,
            )
          }
          error={problems.at("iban") ?? wrong}
        />
        <p role="status" class="small">
          {check?.__typename === "Iban" &&
            (check.bankName
              ? m.bank_accounts_bank({ bank: check.bankName })
              : m.bank_accounts_bank_unknown())}
        </p>
        <SelectField
          name="whose"
          label={m.bank_accounts_whose()}
          value={holder === null ? "own" : "other"}
          options={[
            { value: "own", label: m.bank_accounts_whose_own({ name }) },
            { value: "other", label: m.bank_accounts_whose_other() },
          ]}
          onChange={(whose) => onInput({ ...account, holder: whose === "own" ? null : "" })}
        />
        {holder !== null && (
          <Field
            name="holder"
            label={m.bank_accounts_holder()}
            hint={m.bank_accounts_holder_hint()}
            value={holder}
            maxLength={70}
            onInput={(typed) => onInput({ ...account, holder: typed })}
            error={problems.at("holder")}
          />
        )}
        <Field
          name="effectiveFrom"
          label={m.bank_accounts_from()}
          type="date"
          isShort
          value={from}
          onInput={(typed) => onInput({ ...account, from: typed })}
          error={problems.at("effectiveFrom")}
        />
        <div class="buttons">
          <Button type="submit" isBusy={isBusy}>
            {m.bank_accounts_to_review()}
          </Button>
          <Button kind="quiet" onClick={onBack}>
            {m.bank_accounts_back()}
          </Button>
        </div>
      </Form>
    </Page>
  );
}
