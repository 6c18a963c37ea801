/** The two texts in force, in the language of the page (F2, F3). */
import { useQuery } from "@urql/preact";
import type { ResultOf } from "gql.tada";
import { graphql } from "../../graphql/graphql";
import { useLocale } from "../../lib/locale";

const TermsQuery = graphql(`
  query Terms($locale: Locale!) {
    terms(locale: $locale) {
      kind
      version
      startDate
      title
      text
      sha256
    }
  }
`);

export type Terms = ResultOf<typeof TermsQuery>["terms"][number];

export function useTerms() {
  const { locale } = useLocale();
  const [{ data, error }, execute] = useQuery({
    query: TermsQuery,
    variables: { locale: locale === "en" ? "EN" : "DE" },
  });
  return {
    terms: data?.terms ?? null,
    error,
    refetch: () => execute({ requestPolicy: "network-only" }),
  };
}
