/** What an institution takes with a message, in words and as the file dialog knows it. */
import type { ResultOf } from "gql.tada";
import { graphql } from "../graphql/graphql";
import { m } from "../paraglide/messages.js";

export const AttachableFragment = graphql(`
  fragment Attachable on Institution {
    id
    attachmentTypes
  }
`);

export type Attachable = ResultOf<typeof AttachableFragment>;

const NAMES: Readonly<Record<string, string>> = {
  "image/jpeg": "JPEG",
  "image/png": "PNG",
  "image/heic": "HEIC",
};

const PDF = "application/pdf";

/** "" where nothing can be attached. */
export function attachableText(types: readonly string[], megabytes: number): string {
  const photos = types.flatMap((type) => NAMES[type] ?? []).join(", ");
  const values = { photos, megabytes: String(megabytes) };
  const takesPdf = types.includes(PDF);
  if (photos && takesPdf) return m.messages_attach_photos_and_pdf(values);
  if (photos) return m.messages_attach_photos(values);
  return takesPdf ? m.messages_attach_pdf({ megabytes: values.megabytes }) : "";
}

export function acceptedFiles(types: readonly string[]): string {
  const heic = types.includes("image/heic") ? ["image/heif", ".heic", ".heif"] : [];
  return [...types, ...heic].join(",");
}
