/** The steps of a new name; what was typed and sent stays when one goes back. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { useUploads } from "../../ui/useUploads";
import { type DetailsChanged, DetailsDone } from "./DetailsDone";
import { NameForm, type TypedName } from "./NameForm";
import { type DetailsReview, ReviewStep } from "./ReviewStep";

export const NameStepsFragment = graphql(`
  fragment NameSteps on PersonalDetails {
    institution {
      id
      name
      attachmentTypes
    }
    nameRefusal
  }
`);

interface NameStepsProps {
  readonly givenName: string;
  readonly familyName: string;
  readonly details: readonly FragmentOf<typeof NameStepsFragment>[];
  readonly megabytes: number;
}

export function NameSteps({
  givenName,
  familyName,
  details,
  megabytes,
}: NameStepsProps): JSX.Element {
  const changeable = details
    .map((one) => readFragment(NameStepsFragment, one))
    .filter(({ nameRefusal }) => !nameRefusal)
    .map(({ institution }) => institution);
  const [typed, setTyped] = useState<TypedName>({
    institutions: changeable.map(({ id }) => id),
    title: "",
    givenName,
    familyName,
  });
  const [review, setReview] = useState<DetailsReview | null>(null);
  const [changed, setChanged] = useState<DetailsChanged | null>(null);
  // One of them takes the files in; all of them get to know of them.
  const uploads = useUploads({ institution: changeable[0]?.id ?? "" }, []);

  if (changed) return <DetailsDone key="done" changed={changed} />;
  if (review) {
    const { title, givenName: given, familyName: family } = typed;
    return (
      <ReviewStep
        key="review"
        review={review}
        details={{ name: { title: title || null, givenName: given, familyName: family } }}
        evidence={uploads.kept}
        onBack={() => setReview(null)}
        onChanged={setChanged}
      />
    );
  }
  return (
    <NameForm
      key="name"
      institutions={changeable}
      types={changeable[0]?.attachmentTypes ?? []}
      megabytes={megabytes}
      typed={typed}
      uploads={uploads}
      onInput={setTyped}
      onReviewed={setReview}
    />
  );
}
