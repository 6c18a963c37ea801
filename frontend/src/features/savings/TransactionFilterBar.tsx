/** Search, period and amounts; applied to the URL when nothing is wrong with them. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { type FieldProblem, problemOf } from "../../lib/fieldErrors";
import { useUrlState } from "../../lib/useUrlState";
import { m } from "../../paraglide/messages.js";
import { Field } from "../../ui/Field";
import { FilterBar } from "../../ui/FilterBar";
import {
  countActive,
  emptyFilter,
  filterFromUrl,
  filterProblems,
  type TypedFilter,
} from "./transactionFilter";

export function TransactionFilterBar(): JSX.Element {
  const [query, change] = useUrlState();
  const applied = filterFromUrl(query);
  const [typed, setTyped] = useState<TypedFilter>(applied);
  const [problems, setProblems] = useState<FieldProblem[]>(() => filterProblems(applied));
  useEffect(() => setTyped(filterFromUrl(query)), [query]);

  const field = (name: keyof TypedFilter) => ({
    name,
    value: typed[name],
    onInput: (value: string) => setTyped((last) => ({ ...last, [name]: value })),
    error: problemOf(problems, name),
  });
  const apply = () => {
    const found = filterProblems(typed);
    setProblems(found);
    const [first] = found;
    if (first) document.getElementById(first.field)?.focus();
    else change({ ...typed, suche: typed.suche.trim() });
  };
  const reset = () => {
    setTyped(emptyFilter);
    setProblems([]);
    change({ ...emptyFilter });
  };

  return (
    <FilterBar isFolded activeCount={countActive(applied)} onApply={apply} onReset={reset}>
      <Field {...field("suche")} label={m.savings_search()} type="search" />
      <Field {...field("von")} label={m.savings_from()} type="date" />
      <Field {...field("bis")} label={m.savings_to()} type="date" />
      <Field
        {...field("ab")}
        label={m.savings_min()}
        hint={m.savings_amount_hint()}
        inputMode="text"
      />
      <Field {...field("hoechstens")} label={m.savings_max()} inputMode="text" />
    </FilterBar>
  );
}
