/** Vite plugin: error texts of libraries name web pages; nothing we ship names another host. */
import type { Plugin } from "vite";

const replacements: readonly (readonly [RegExp, string])[] = [
  // Paraglide and pdf.js parse addresses against made-up hosts.
  [/https?:\/\/(?:dummy\.com|example\.com|foo\.bar)/g, "http://localhost"],
  [/https:\/\/(?:paraglidejs\.com|github\.com\/preactjs)\/[^\s"'`)]*/g, "its documentation"],
];

/** The same code without the addresses above. */
export function withoutAddresses(): Plugin {
  return {
    name: "kundenportal:without-addresses",
    apply: "build",
    transform(code) {
      const cleaned = replacements.reduce((text, [from, to]) => text.replaceAll(from, to), code);
      return cleaned === code ? null : { code: cleaned, map: null };
    },
  };
}
