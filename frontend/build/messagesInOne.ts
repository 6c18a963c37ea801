/** All texts as one module: tests would read more than a thousand small ones for every file. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Plugin } from "vite";

export function messagesInOne(): Plugin {
  return {
    name: "messages-in-one",
    enforce: "pre",
    load(id) {
      if (!id.endsWith("/paraglide/messages/_index.js")) return null;
      const folder = dirname(id);
      const imports = new Set<string>();
      const texts = readdirSync(folder)
        .filter((file) => file.endsWith(".js") && file !== "_index.js")
        .map((file) =>
          readFileSync(join(folder, file), "utf8").replace(/^import .*$/gm, (line) => {
            imports.add(line);
            return "";
          }),
        );
      return [...imports, ...texts].join("\n");
    },
  };
}
