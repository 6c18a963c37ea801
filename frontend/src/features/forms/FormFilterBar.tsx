/** What forms to show: by words, by institution and by what they are for. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useUrlState } from "../../lib/useUrlState";
import { m } from "../../paraglide/messages.js";
import { Field } from "../../ui/Field";
import { FilterBar } from "../../ui/FilterBar";
import { SelectField } from "../../ui/SelectField";
import { countActive, emptyFilter, filterFromUrl, type TypedFilter } from "./formFilter";

interface FormFilterBarProps {
  readonly institutions: readonly { readonly id: string; readonly name: string }[];
}

export function FormFilterBar({ institutions }: FormFilterBarProps): JSX.Element {
  const [query, change] = useUrlState();
  const applied = filterFromUrl(query);
  const [typed, setTyped] = useState<TypedFilter>(applied);
  const [seen, setSeen] = useState(query);
  if (seen !== query) {
    setSeen(query);
    setTyped(applied);
  }
  const put = (name: keyof TypedFilter) => (value: string) =>
    setTyped((last) => ({ ...last, [name]: value }));
  return (
    <FilterBar
      activeCount={countActive(applied)}
      onApply={() => change({ ...typed, suche: typed.suche.trim() })}
      onReset={() => {
        setTyped(emptyFilter);
        change({ ...emptyFilter });
      }}
    >
      <Field
        name="suche"
        label={m.forms_search()}
        hint={m.forms_search_hint()}
        type="search"
        value={typed.suche}
        onInput={put("suche")}
      />
      <SelectField
        name="institut"
        label={m.forms_institution()}
        value={typed.institut}
        onChange={put("institut")}
        options={[
          { value: "", label: m.forms_all() },
          ...institutions.map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
      <SelectField
        name="thema"
        label={m.forms_category()}
        value={typed.thema}
        onChange={put("thema")}
        options={[
          { value: "", label: m.forms_all() },
          { value: "vertrag", label: m.forms_category_contract() },
          { value: "schaden", label: m.forms_category_claim() },
          { value: "zahlung", label: m.forms_category_payment() },
          { value: "daten", label: m.forms_category_personal_details() },
          { value: "vollmacht", label: m.forms_category_authorisation() },
          { value: "anderes", label: m.forms_category_other() },
        ]}
      />
    </FilterBar>
  );
}
