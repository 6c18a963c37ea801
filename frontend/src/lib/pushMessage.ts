/** What the service worker makes of a pushed message: words of the server, and a page of ours to open. */
import { paths } from "./paths";

export interface News {
  readonly title: string;
  readonly text: string;
  /** Notices of one page replace each other. */
  readonly page: string;
  readonly path: string;
}

const pages: ReadonlyMap<unknown, string> = new Map([
  ["postbox", paths.postbox],
  ["messages", paths.messages],
  ["overview", paths.overview],
]);

/** A message must be shown, or the browser shows one of its own: an unreadable one names the portal. */
export function readNews(message: string | null, portal: string): News {
  const { title, text, page } = parse(message);
  const path = pages.get(page);
  return {
    title: typeof title === "string" ? title : portal,
    text: typeof text === "string" ? text : "",
    page: path ? String(page) : "overview",
    path: path ?? paths.overview,
  };
}

function parse(message: string | null): Record<string, unknown> {
  try {
    const content: unknown = JSON.parse(message ?? "");
    return typeof content === "object" && content !== null ? { ...content } : {};
  } catch {
    return {};
  }
}
