/** Filters, sorting and tabs live in the URL, so that they can be shared and survive "back". */

import { useCallback } from "preact/hooks";
import { useLocation } from "preact-iso";

/**
 * The query parameters of this page and a setter that merges; an empty value removes the parameter.
 * The setter replaces the history entry unless `push` is given.
 */
export function useUrlState(): [
  Readonly<Record<string, string>>,
  (changes: Record<string, string | null>, push?: boolean) => void,
] {
  const { query, path, route } = useLocation();
  const change = useCallback(
    (changes: Record<string, string | null>, push = false) => {
      const next = new URLSearchParams(location.search);
      for (const [key, value] of Object.entries(changes)) {
        if (value) next.set(key, value);
        else next.delete(key);
      }
      const search = next.toString();
      route(search ? `${path}?${search}` : path, !push);
    },
    [path, route],
  );
  return [query, change];
}
