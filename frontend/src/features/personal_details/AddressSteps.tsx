/** The steps of a new address; what was typed stays when one goes back. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { AddressForm, type TypedAddress } from "./AddressForm";
import { type DetailsChanged, DetailsDone } from "./DetailsDone";
import { type DetailsReview, ReviewStep } from "./ReviewStep";

export const AddressStepsFragment = graphql(`
  fragment AddressSteps on PersonalDetails {
    institution {
      id
      name
    }
    addressRefusal
  }
`);

interface AddressStepsProps {
  readonly details: readonly FragmentOf<typeof AddressStepsFragment>[];
  readonly today: string;
  readonly countries: readonly string[];
}

export function AddressSteps({ details, today, countries }: AddressStepsProps): JSX.Element {
  const changeable = details
    .map((one) => readFragment(AddressStepsFragment, one))
    .filter(({ addressRefusal }) => !addressRefusal)
    .map(({ institution }) => institution);
  const [typed, setTyped] = useState<TypedAddress>({
    institutions: changeable.map(({ id }) => id),
    street: "",
    postalCode: "",
    city: "",
    country: "DE",
    from: today,
  });
  const [review, setReview] = useState<DetailsReview | null>(null);
  const [changed, setChanged] = useState<DetailsChanged | null>(null);
  const { street, postalCode, city, country } = typed;

  if (changed) return <DetailsDone key="done" changed={changed} />;
  if (review) {
    return (
      <ReviewStep
        key="review"
        review={review}
        details={{ address: { street, postalCode, city, country } }}
        evidence={[]}
        onBack={() => setReview(null)}
        onChanged={setChanged}
      />
    );
  }
  return (
    <AddressForm
      key="address"
      institutions={changeable}
      countries={countries}
      typed={typed}
      onInput={setTyped}
      onReviewed={setReview}
    />
  );
}
