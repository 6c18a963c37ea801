/** The plain text of the terms as blocks: blank lines part them, "## " begins a heading. */

export type TermsBlock =
  | { readonly kind: "heading"; readonly text: string }
  | { readonly kind: "paragraph"; readonly lines: readonly string[] };

/** Everything but the title, which the page shows itself. */
export function termsBlocks(text: string): TermsBlock[] {
  return text
    .split(/\n{2,}/)
    .map((part) => part.trim())
    .filter((part) => part && !part.startsWith("# "))
    .map((part) =>
      part.startsWith("## ")
        ? { kind: "heading", text: part.slice(3) }
        : { kind: "paragraph", lines: part.split("\n") },
    );
}
