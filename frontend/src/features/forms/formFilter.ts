/** The filter of the forms: what stands in the URL and what the server gets. */

/** What a form is for, as the address has it and as the server knows it. */
const categories = {
  vertrag: "CONTRACT",
  schaden: "CLAIM",
  zahlung: "PAYMENT",
  daten: "PERSONAL_DETAILS",
  vollmacht: "AUTHORISATION",
  anderes: "OTHER",
} as const;

/** Keys are the query parameters and the ids of the fields. */
export interface TypedFilter {
  readonly suche: string;
  readonly institut: string;
  readonly thema: string;
}

export const emptyFilter: TypedFilter = { suche: "", institut: "", thema: "" };

export function filterFromUrl(query: Readonly<Record<string, string>>): TypedFilter {
  const { suche = "", institut = "", thema = "" } = query;
  return { suche, institut, thema: isCategory(thema) ? thema : "" };
}

export function countActive(filter: TypedFilter): number {
  return Object.values(filter).filter(Boolean).length;
}

/** `FormFilter` of the schema. */
export function toServerFilter({ suche, institut, thema }: TypedFilter) {
  const category = isCategory(thema) ? categories[thema] : null;
  return { search: suche || null, institution: institut || null, category };
}

function isCategory(thema: string): thema is keyof typeof categories {
  return Object.hasOwn(categories, thema);
}
