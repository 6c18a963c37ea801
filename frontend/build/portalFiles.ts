/** Vite plugin: knows which files the portal's page can reach, so that phones keep none of the developers' pages. */
import type { Plugin } from "vite";

/** Larger files (the PDF viewer) are of no use offline, where there is no letter to show. */
const LARGEST_TO_KEEP = 200_000;

interface ManifestEntry {
  readonly url: string;
  readonly size: number;
}

interface PortalFiles {
  readonly plugin: Plugin;
  /** For `injectManifest.manifestTransforms`. */
  readonly onlyPortal: <Entry extends ManifestEntry>(
    entries: Entry[],
  ) => { manifest: Entry[]; warnings: string[] };
}

/** `entry` is the page's name in the build's input, without ".html". */
export function portalFiles(entry = "index"): PortalFiles {
  const reached = new Set<string>();
  const isPortal = (url: string) => !url.startsWith("assets/") || reached.has(url);
  return {
    onlyPortal: (entries) => ({
      manifest: entries.filter(({ url, size }) => isPortal(url) && size <= LARGEST_TO_KEEP),
      warnings: [],
    }),
    plugin: {
      name: "kundenportal:portal-files",
      apply: "build",
      generateBundle(_options, bundle) {
        reached.clear();
        const start = Object.values(bundle).find(
          (file) => file.type === "chunk" && file.isEntry && file.name === entry,
        );
        if (!start) throw new Error(`the build has no entry named ${entry}`);
        const queue = [start.fileName];
        for (const name of queue) {
          if (reached.has(name)) continue;
          reached.add(name);
          const file = bundle[name];
          if (file?.type !== "chunk") continue;
          queue.push(...file.imports, ...file.dynamicImports);
          queue.push(...(file.viteMetadata?.importedCss ?? []));
          queue.push(...(file.viteMetadata?.importedAssets ?? []));
        }
      },
    },
  };
}
