/** The download centre: forms of the institutions, searched and filtered in the URL (F110). */
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { useLocale } from "../../lib/locale";
import { paths } from "../../lib/paths";
import { useUrlState } from "../../lib/useUrlState";
import { m } from "../../paraglide/messages.js";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { FormFilterBar } from "./FormFilterBar";
import { FormPages, FormPagesFragment } from "./FormPages";
import { filterFromUrl, toServerFilter } from "./formFilter";

const FormsQuery = graphql(
  `
    query Forms($locale: Locale!, $filter: FormFilter) {
      institutions {
        id
        name
      }
      viewer {
        id
        forms(locale: $locale, filter: $filter, first: 20) {
          ...FormPages
        }
      }
    }
  `,
  [FormPagesFragment],
);

export function FormsPage(): JSX.Element {
  const [query] = useUrlState();
  const locale = useLocale().locale === "de" ? ("DE" as const) : ("EN" as const);
  const variables = { locale, filter: toServerFilter(filterFromUrl(query)) };
  return (
    <Page
      title={m.forms_title()}
      lead={m.forms_lead()}
      back={{ href: paths.services, label: m.services_title() }}
    >
      <ViewerQuery
        query={FormsQuery}
        variables={variables}
        pending={<Skeleton rows={6} />}
        keepsLast
      >
        {(viewer, { data, isRefreshing }) => (
          <>
            <FormFilterBar institutions={data.institutions} />
            <FormPages
              key={JSON.stringify(variables)}
              forms={viewer.forms}
              variables={variables}
              isRefreshing={isRefreshing}
            />
          </>
        )}
      </ViewerQuery>
    </Page>
  );
}
