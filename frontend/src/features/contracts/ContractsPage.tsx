/** Every contract the customer may see, grouped, with search and kind in the URL. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useUrlState } from "../../lib/useUrlState";
import { m } from "../../paraglide/messages.js";
import { Field } from "../../ui/Field";
import { FilterBar } from "../../ui/FilterBar";
import { Page } from "../../ui/Page";
import { SelectField } from "../../ui/SelectField";
import { ContractList } from "./ContractList";

export function ContractsPage(): JSX.Element {
  const [query, change] = useUrlState();
  const [search, setSearch] = useState(query.suche ?? "");
  const [kind, setKind] = useState(query.art ?? "");
  useEffect(() => {
    setSearch(query.suche ?? "");
    setKind(query.art ?? "");
  }, [query]);
  const reset = () => {
    setSearch("");
    setKind("");
    change({ suche: null, art: null });
  };
  return (
    <Page title={m.contracts_title()}>
      <FilterBar
        activeCount={[query.suche, query.art].filter(Boolean).length}
        onApply={() => change({ suche: search.trim(), art: kind })}
        onReset={reset}
      >
        <Field
          name="suche"
          label={m.contracts_search()}
          hint={m.contracts_search_hint()}
          type="search"
          value={search}
          onInput={setSearch}
        />
        <SelectField
          name="art"
          label={m.contracts_kind()}
          value={kind}
          onChange={setKind}
          options={[
            { value: "", label: m.contracts_kind_all() },
            { value: "versicherungen", label: m.contracts_group_insurance() },
            { value: "konten", label: m.contracts_group_savings() },
          ]}
        />
      </FilterBar>
      <ContractList
        key={`${query.suche} ${query.art}`}
        search={query.suche ?? ""}
        kind={query.art ?? ""}
        onReset={reset}
      />
    </Page>
  );
}
