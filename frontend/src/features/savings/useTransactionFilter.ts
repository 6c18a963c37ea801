/** The filter of transactions as the address holds it; what is wrong in it is not asked for. */
import { useUrlState } from "../../lib/useUrlState";
import { filterFromUrl, filterProblems, toServerFilter } from "./transactionFilter";

export function useTransactionFilter() {
  const [query] = useUrlState();
  const typed = filterFromUrl(query);
  return { typed, filter: filterProblems(typed).length === 0 ? toServerFilter(typed) : null };
}
