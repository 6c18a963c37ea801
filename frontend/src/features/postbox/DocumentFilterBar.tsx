/** F32–F35, X2: search, filter by subject, contract, institution and period, sort newest or oldest first. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { type FieldProblem, problemOf } from "../../lib/fieldErrors";
import { useUrlState } from "../../lib/useUrlState";
import { m } from "../../paraglide/messages.js";
import { Field } from "../../ui/Field";
import { FilterBar } from "../../ui/FilterBar";
import { SelectField } from "../../ui/SelectField";
import {
  countActive,
  emptyFilter,
  filterFromUrl,
  filterProblems,
  type TypedFilter,
} from "./documentFilter";

export const DocumentFilterBarFragment = graphql(`
  fragment DocumentFilterBar on Viewer {
    contracts(first: 100) {
      nodes {
        id
        number
        productName
      }
    }
  }
`);

interface DocumentFilterBarProps {
  readonly viewer: FragmentOf<typeof DocumentFilterBarFragment>;
  readonly institutions: readonly { readonly id: string; readonly name: string }[];
}

export function DocumentFilterBar({ viewer, institutions }: DocumentFilterBarProps): JSX.Element {
  const { contracts } = readFragment(DocumentFilterBarFragment, viewer);
  const [query, change] = useUrlState();
  const applied = filterFromUrl(query);
  const [typed, setTyped] = useState<TypedFilter>(applied);
  const [problems, setProblems] = useState<FieldProblem[]>(() => filterProblems(applied));
  const [seen, setSeen] = useState(query);
  if (seen !== query) {
    setSeen(query);
    setTyped(applied);
  }

  const put = (name: keyof TypedFilter) => (value: string) =>
    setTyped((last) => ({ ...last, [name]: value }));
  const field = (name: keyof TypedFilter) => ({
    name,
    value: typed[name],
    onInput: put(name),
    error: problemOf(problems, name),
  });
  const apply = () => {
    const found = filterProblems(typed);
    setProblems(found);
    const [first] = found;
    if (first) document.getElementById(first.field)?.focus();
    else change({ ...typed, suche: typed.suche.trim(), betreff: typed.betreff.trim() });
  };
  const reset = () => {
    setTyped(emptyFilter);
    setProblems([]);
    change({ ...emptyFilter });
  };
  const all = { value: "", label: m.postbox_all() };

  return (
    <FilterBar activeCount={countActive(applied)} onApply={apply} onReset={reset}>
      <Field
        {...field("suche")}
        label={m.postbox_search()}
        hint={m.postbox_search_hint()}
        type="search"
      />
      <Field {...field("betreff")} label={m.postbox_subject()} type="search" />
      <SelectField
        name="vertrag"
        label={m.postbox_contract()}
        value={typed.vertrag}
        onChange={put("vertrag")}
        options={[
          all,
          ...contracts.nodes.map(({ id, number, productName }) => ({
            value: id,
            label: productName ? `${productName} (${number})` : number,
          })),
        ]}
      />
      <SelectField
        name="institut"
        label={m.postbox_institution()}
        value={typed.institut}
        onChange={put("institut")}
        options={[all, ...institutions.map(({ id, name }) => ({ value: id, label: name }))]}
      />
      <Field {...field("von")} label={m.postbox_from()} type="date" />
      <Field {...field("bis")} label={m.postbox_to()} type="date" />
    </FilterBar>
  );
}
