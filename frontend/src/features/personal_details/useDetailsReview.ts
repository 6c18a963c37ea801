/** Asks the server what new details would change; what it objects to comes back as problems. */
import { useClient } from "@urql/preact";
import { useState } from "preact/hooks";
import { problemsOf } from "../../graphql/refusal";
import type { FieldProblem } from "../../lib/fieldErrors";
import { type DetailsReview, type NewDetails, PersonalDetailsReviewQuery } from "./ReviewStep";

interface Reviewed {
  readonly review: DetailsReview | null;
  readonly problems: readonly FieldProblem[];
}

export function useDetailsReview(): [
  isBusy: boolean,
  review: (
    institutions: readonly string[],
    details: NewDetails,
    from: string | null,
  ) => Promise<Reviewed>,
] {
  const client = useClient();
  const [isBusy, setBusy] = useState(false);
  return [
    isBusy,
    async (institutions, details, from) => {
      setBusy(true);
      const variables = { institutions: [...institutions], details, from };
      const { data } = await client
        .query(PersonalDetailsReviewQuery, variables, { requestPolicy: "network-only" })
        .toPromise();
      setBusy(false);
      const review = data?.viewer?.personalDetailsReview;
      if (review?.__typename === "PersonalDetailsReview") return { review, problems: [] };
      return { review: null, problems: problemsOf(review) };
    },
  ];
}
