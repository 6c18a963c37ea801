/** Sends what stands in the editor to this portal, with the browser's session. */
import { getLocale } from "../paraglide/runtime.js";

interface Operation {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: unknown;
}

export interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string }[];
}

/** `headers` are those of the headers editor: language, or a bearer token like an app's. */
export async function askPortal(
  { query, operationName, variables }: Operation,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const response = await fetch("/graphql", {
    method: "POST",
    credentials: "same-origin",
    headers: { "Accept-Language": getLocale(), ...headers, "Content-Type": "application/json" },
    body: JSON.stringify({ query, operationName: nameIn(query, operationName), variables }),
  });
  const type = response.headers.get("content-type") ?? "";
  if (type.includes("json")) return response.json();
  return { errors: [{ message: `${response.status} ${response.statusText}` }] };
}

/** For a moment after a change of tab the editor still names the operation of the tab before. */
function nameIn(query: string, name: string | null | undefined): string | undefined {
  return name && query.includes(name) ? name : undefined;
}
