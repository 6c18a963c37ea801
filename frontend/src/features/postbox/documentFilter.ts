/** The filter of the postbox: what stands in the URL and what the server gets. */

import { addDays, isCivilDate } from "../../lib/civilDate";
import type { FieldProblem } from "../../lib/fieldErrors";
import { m } from "../../paraglide/messages.js";

/** Keys are the query parameters and the ids of the fields. */
export interface TypedFilter {
  readonly suche: string;
  readonly betreff: string;
  readonly vertrag: string;
  readonly institut: string;
  readonly von: string;
  readonly bis: string;
}

export const emptyFilter: TypedFilter = {
  suche: "",
  betreff: "",
  vertrag: "",
  institut: "",
  von: "",
  bis: "",
};

/**
 * "gesendet" shows what the customer sent (F83), "ungelesen" only what is not opened yet, "archiv"
 * what was put away and shows in no other folder.
 */
const folders = ["eingang", "ungelesen", "gesendet", "archiv"] as const;
export type Folder = (typeof folders)[number];

export function folderFromUrl(query: Readonly<Record<string, string>>): Folder {
  return folders.find((folder) => folder === query.ordner) ?? "eingang";
}

export function orderFromUrl(query: Readonly<Record<string, string>>) {
  return query.sortierung === "aelteste" ? ("OLDEST_FIRST" as const) : ("NEWEST_FIRST" as const);
}

export function filterFromUrl(query: Readonly<Record<string, string>>): TypedFilter {
  const { suche = "", betreff = "", vertrag = "", institut = "", von = "", bis = "" } = query;
  return { suche, betreff, vertrag, institut, von, bis };
}

export function countActive(filter: TypedFilter): number {
  return Object.values(filter).filter(Boolean).length;
}

/** What is wrong with a date; a period in the wrong order is the server's to refuse (F35). */
export function filterProblems({ von, bis }: TypedFilter): FieldProblem[] {
  return Object.entries({ von, bis })
    .filter(([, date]) => date && !isCivilDate(date))
    .map(([field]) => ({ field, message: m.postbox_bad_date() }));
}

/** `DocumentFilter` of the schema; people mean "bis" inclusively, the server does not. */
export function toServerFilter(filter: TypedFilter, folder: Folder) {
  return {
    direction: directionOf(folder),
    isUnread: folder === "ungelesen" ? true : null,
    isArchived: folder === "archiv",
    search: filter.suche || null,
    subject: filter.betreff || null,
    contract: filter.vertrag || null,
    institution: filter.institut || null,
    from: filter.von || null,
    to: filter.bis ? addDays(filter.bis, 1) : null,
  };
}

function directionOf(folder: Folder) {
  if (folder === "archiv") return null;
  return folder === "gesendet" ? ("OUTGOING" as const) : ("INCOMING" as const);
}
