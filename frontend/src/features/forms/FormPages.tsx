/** The forms that match, page by page; without any it says what to do instead. */
import { type FragmentOf, readFragment, type VariablesOf } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { formatCount } from "../../lib/format";
import { paths } from "../../lib/paths";
import { useUrlState } from "../../lib/useUrlState";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { PagedRows } from "../../ui/PagedRows";
import { ResultCount } from "../../ui/ResultCount";
import { FormRows, FormRowsFragment } from "./FormRows";
import { emptyFilter } from "./formFilter";

export const FormPagesFragment = graphql(
  `
    fragment FormPages on FormConnection {
      totalCount
      pageInfo {
        endCursor
        hasNextPage
      }
      ...FormRows
    }
  `,
  [FormRowsFragment],
);

const MoreFormsQuery = graphql(
  `
    query MoreForms($locale: Locale!, $filter: FormFilter, $after: String) {
      viewer {
        id
        forms(locale: $locale, filter: $filter, first: 20, after: $after) {
          ...FormPages
        }
      }
    }
  `,
  [FormPagesFragment],
);

interface FormPagesProps {
  readonly forms: FragmentOf<typeof FormPagesFragment>;
  readonly variables: Omit<VariablesOf<typeof MoreFormsQuery>, "after">;
  readonly isRefreshing: boolean;
}

export function FormPages({ forms, variables, isRefreshing }: FormPagesProps): JSX.Element {
  const first = readFragment(FormPagesFragment, forms);
  const total = first.totalCount;
  if (total === 0) {
    const { search, institution, category } = variables.filter ?? {};
    return <NoForms isFiltered={Boolean(search || institution || category)} />;
  }
  return (
    <>
      <ResultCount count={total} text={countText(total)} />
      <PagedRows
        first={first}
        more={MoreFormsQuery}
        variables={variables}
        pageOf={(viewer) => readFragment(FormPagesFragment, viewer.forms)}
        isRefreshing={isRefreshing}
      >
        {(page) => <FormRows forms={page} />}
      </PagedRows>
    </>
  );
}

function NoForms({ isFiltered }: { readonly isFiltered: boolean }): JSX.Element {
  const [, change] = useUrlState();
  return (
    <div role="status">
      <EmptyState title={isFiltered ? m.forms_no_match_title() : m.forms_empty_title()}>
        <p>{isFiltered ? m.forms_no_match_text() : m.forms_empty_text()}</p>
        <div class="buttons">
          {isFiltered && (
            <Button kind="secondary" onClick={() => change({ ...emptyFilter })}>
              {m.common_reset_filter()}
            </Button>
          )}
          <Button kind={isFiltered ? "quiet" : "secondary"} href={paths.newMessage}>
            {m.forms_write()}
          </Button>
        </div>
      </EmptyState>
    </div>
  );
}

function countText(count: number): string {
  const shown = formatCount(count);
  return count === 1 ? m.forms_count_one({ count: shown }) : m.forms_count_other({ count: shown });
}
