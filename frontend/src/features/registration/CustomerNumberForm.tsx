/** Four things from the letter; which of them is wrong is never told. */
import { useMutation } from "@urql/preact";
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { type IssuedReceipt, ReceiptFragment } from "../../graphql/receipts";
import { problemsOf, RefusalFragment } from "../../graphql/refusal";
import { isActivationCode } from "../../lib/activationCode";
import { problemsAt, useFormProblems } from "../../lib/formProblems";
import { birthDateProblem, typedDate } from "../../lib/typedDate";
import { m } from "../../paraglide/messages.js";
import { BirthDateField } from "../../ui/BirthDateField";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Form } from "../../ui/Form";
import { SelectField } from "../../ui/SelectField";

export const CustomerNumberFormFragment = graphql(`
  fragment CustomerNumberForm on Institution {
    id
    name
  }
`);

const LinkCustomerNumberMutation = graphql(
  `
    mutation LinkCustomerNumber($input: LinkCustomerNumberInput!) {
      linkCustomerNumber(input: $input) {
        __typename
        ... on CustomerNumberLinked {
          institution {
            id
            name
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

/** Everything the viewer holds may be different now, which the answer's types don't tell. */
const everything = { additionalTypenames: ["Viewer"] };
const EMPTY = { institution: "", customerNumber: "", birthDate: "", activationCode: "" };

export interface CustomerNumberLinked {
  readonly institution: { readonly name: string };
  readonly receipt: IssuedReceipt;
}

interface CustomerNumberFormProps {
  readonly institutions: readonly FragmentOf<typeof CustomerNumberFormFragment>[];
  readonly onLinked: (linked: CustomerNumberLinked) => void;
}

export function CustomerNumberForm({
  institutions,
  onLinked,
}: CustomerNumberFormProps): JSX.Element {
  const [{ fetching }, link] = useMutation(LinkCustomerNumberMutation);
  const problems = useFormProblems();
  const [typed, setTyped] = useState(EMPTY);
  const change = (changed: Partial<typeof EMPTY>) => setTyped({ ...typed, ...changed });
  const options = readFragment(CustomerNumberFormFragment, institutions).map(({ id, name }) => ({
    value: id,
    label: name,
  }));

  const submit = async () => {
    const found = problemsAt({
      institution: typed.institution ? null : m.registration_institution_needed(),
      customerNumber: typed.customerNumber.trim() ? null : m.registration_number_needed(),
      birthDate: birthDateProblem(typed.birthDate),
      activationCode: isActivationCode(typed.activationCode) ? null : m.registration_code_wrong(),
    });
    problems.refuse(found);
    if (found.length > 0) return;
    const birthDate = typedDate(typed.birthDate) ?? "";
    const input = { ...typed, customerNumber: typed.customerNumber.trim(), birthDate };
    const result = (await link({ input }, everything)).data?.linkCustomerNumber;
    if (result?.__typename === "CustomerNumberLinked") onLinked(result);
    else problems.refuse(problemsOf(result));
  };

  return (
    <Form errors={problems.summary} isBusy={fetching} onSubmit={() => void submit()}>
      <SelectField
        name="institution"
        label={m.registration_institution()}
        value={typed.institution}
        options={[{ value: "", label: m.registration_choose() }, ...options]}
        onChange={(institution) => change({ institution })}
        error={problems.at("institution")}
      />
      <Field
        name="customerNumber"
        label={m.registration_number()}
        hint={m.registration_number_hint()}
        isShort
        value={typed.customerNumber}
        onInput={(customerNumber) => change({ customerNumber })}
        error={problems.at("customerNumber")}
      />
      <BirthDateField
        value={typed.birthDate}
        problems={problems}
        onInput={(birthDate) => change({ birthDate })}
      />
      <Field
        name="activationCode"
        label={m.registration_code()}
        hint={m.registration_code_hint()}
        value={typed.activationCode}
        onInput={(activationCode) => change({ activationCode })}
        error={problems.at("activationCode")}
      />
      <div>
        <Button type="submit" isBusy={fetching}>
          {m.contracts_add()}
        </Button>
      </div>
    </Form>
  );
}
