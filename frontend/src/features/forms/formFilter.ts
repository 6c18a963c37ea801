/** The filter of the forms: what stands in the URL and what the server gets. */

/** Keys are the query parameters and the ids of the fields. */
export interface TypedFilter {
  readonly suche: string;
  readonly institut: string;
}

export const emptyFilter: TypedFilter = { suche: "", institut: "" };

export function filterFromUrl(query: Readonly<Record<string, string>>): TypedFilter {
  const { suche = "", institut = "" } = query;
  return { suche, institut };
}

export function countActive(filter: TypedFilter): number {
  return Object.values(filter).filter(Boolean).length;
}

/** `FormFilter` of the schema. */
export function toServerFilter({ suche, institut }: TypedFilter) {
  return { search: suche || null, institution: institut || null };
}
