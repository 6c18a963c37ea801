/** What a customer says about a contract of another company; the same form adds and changes it (F9). */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { parseAmount } from "../../lib/amount";
import { lineOfBusinessName, paymentFrequencyName } from "../../lib/contractWords";
import type { FieldProblem } from "../../lib/fieldErrors";
import { problemsAt, useFormProblems } from "../../lib/formProblems";
import { m } from "../../paraglide/messages.js";
import { Attachments } from "../../ui/Attachments";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Form } from "../../ui/Form";
import { Section } from "../../ui/Section";
import { SelectField } from "../../ui/SelectField";
import { useUploads } from "../../ui/useUploads";

const LINES = [
  "MOTOR",
  "LIABILITY",
  "HOUSEHOLD",
  "RESIDENTIAL_BUILDING",
  "LEGAL_PROTECTION",
  "ACCIDENT",
  "LIFE",
  "PENSION",
  "HEALTH",
  "TRAVEL_HEALTH",
  "TRAVEL",
  "OTHER",
] as const;
const FREQUENCIES = ["NONE", "MONTHLY", "QUARTERLY", "HALF_YEARLY", "YEARLY", "SINGLE"] as const;

const FILES = ["image/jpeg", "image/png", "image/heic", "application/pdf"];

/** As typed; days are civil dates or empty. */
export interface TypedContract {
  readonly lineOfBusiness: (typeof LINES)[number];
  readonly company: string;
  readonly number: string;
  readonly premium: string;
  readonly paymentFrequency: (typeof FREQUENCIES)[number] | "OTHER";
  readonly mainDueDate: string;
  readonly startDate: string;
  readonly endDate: string;
}

export const nothingTyped: TypedContract = {
  lineOfBusiness: "MOTOR",
  company: "",
  number: "",
  premium: "",
  paymentFrequency: "NONE",
  mainDueDate: "",
  startDate: "",
  endDate: "",
};

interface SelfAddedFormProps {
  readonly typed: TypedContract;
  readonly knownCompanies: readonly string[];
  readonly megabytes: number;
  readonly action: string;
  readonly back: string;
  /** Sends it; what is wrong comes back, nothing if it was taken. */
  readonly onSend: (
    facts: ReturnType<typeof factsOf>,
    documents: string[],
  ) => Promise<readonly FieldProblem[]>;
}

export function SelfAddedForm({
  typed,
  knownCompanies,
  megabytes,
  action,
  back,
  onSend,
}: SelfAddedFormProps): JSX.Element {
  const [contract, setContract] = useState(typed);
  const [isBusy, setBusy] = useState(false);
  const problems = useFormProblems();
  const uploads = useUploads({ for: "self-added-contract" }, []);
  const field = (name: Exclude<keyof TypedContract, "lineOfBusiness" | "paymentFrequency">) => ({
    name,
    value: contract[name],
    onInput: (value: string) => setContract((before) => ({ ...before, [name]: value })),
    error: problems.at(name),
  });
  const submit = async () => {
    const found = problemsAt({ ...wrongIn(contract), documents: uploads.problem });
    problems.refuse(found);
    if (found.length > 0) return;
    setBusy(true);
    const refused = await onSend(factsOf(contract), uploads.accepted);
    setBusy(false);
    problems.refuse(refused);
  };
  return (
    <Form
      errors={problems.summary}
      isBusy={isBusy}
      onSubmit={() => void submit()}
      layout="sections"
    >
      <Section title={m.self_added_facts_title()}>
        <div class="stack">
          <SelectField
            name="lineOfBusiness"
            label={m.self_added_line()}
            value={contract.lineOfBusiness}
            options={LINES.map((line) => ({ value: line, label: lineOfBusinessName(line) }))}
            onChange={(value) =>
              setContract((before) => ({
                ...before,
                lineOfBusiness: LINES.find((line) => line === value) ?? before.lineOfBusiness,
              }))
            }
          />
          <Field
            {...field("company")}
            label={m.self_added_company()}
            hint={m.self_added_company_hint()}
            suggestions={knownCompanies}
            autocomplete="organization"
            maxLength={80}
          />
          <Field
            {...field("number")}
            label={m.contracts_number()}
            hint={m.self_added_number_hint()}
            maxLength={40}
            isOptional
          />
        </div>
      </Section>
      <Section title={m.self_added_payment_title()}>
        <div class="stack">
          <Field
            {...field("premium")}
            label={m.self_added_premium()}
            hint={m.self_added_premium_hint()}
            inputMode="decimal"
            isShort
            isOptional
          />
          <SelectField
            name="paymentFrequency"
            label={m.self_added_frequency()}
            value={contract.paymentFrequency}
            options={frequenciesFor(contract.paymentFrequency)}
            onChange={(value) =>
              setContract((before) => ({
                ...before,
                paymentFrequency:
                  FREQUENCIES.find((frequency) => frequency === value) ?? before.paymentFrequency,
              }))
            }
            error={problems.at("paymentFrequency")}
          />
          <Field
            {...field("mainDueDate")}
            label={m.self_added_due()}
            hint={m.self_added_due_hint()}
            type="date"
            isShort
            isOptional
          />
        </div>
      </Section>
      <Section title={m.self_added_period_title()}>
        <div class="stack">
          <Field
            {...field("startDate")}
            label={m.contracts_start()}
            type="date"
            isShort
            isOptional
          />
          <Field {...field("endDate")} label={m.contracts_end()} type="date" isShort isOptional />
        </div>
      </Section>
      <Section title={m.self_added_files_title()}>
        <Attachments
          name="documents"
          types={FILES}
          megabytes={megabytes}
          uploads={uploads}
          label={m.self_added_files_add()}
          error={problems.at("documents")}
        />
      </Section>
      <div class="buttons">
        <Button type="submit" isBusy={isBusy}>
          {action}
        </Button>
        <Button kind="quiet" href={back}>
          {m.self_added_cancel()}
        </Button>
      </div>
    </Form>
  );
}

function frequenciesFor(known: TypedContract["paymentFrequency"]) {
  const offered = known === "OTHER" ? [...FREQUENCIES, known] : FREQUENCIES;
  return offered.map((value) => ({
    value,
    label: value === "NONE" ? m.self_added_frequency_none() : paymentFrequencyName(value),
  }));
}

function wrongIn(contract: TypedContract): Record<string, string | null> {
  const { company, premium, paymentFrequency, startDate, endDate } = contract;
  const hasPremium = premium.trim() !== "";
  return {
    company: company.trim() ? null : m.self_added_company_missing(),
    premium: hasPremium && !parseAmount(premium) ? m.self_added_premium_wrong() : null,
    paymentFrequency:
      hasPremium && paymentFrequency === "NONE" ? m.self_added_frequency_missing() : null,
    endDate: startDate && endDate && endDate < startDate ? m.self_added_end_wrong() : null,
  };
}

function factsOf(contract: TypedContract) {
  return {
    lineOfBusiness: contract.lineOfBusiness,
    company: contract.company.trim(),
    number: contract.number.trim() || null,
    premium: parseAmount(contract.premium),
    paymentFrequency: contract.paymentFrequency,
    mainDueDate: contract.mainDueDate || null,
    startDate: contract.startDate || null,
    endDate: contract.endDate || null,
  };
}
