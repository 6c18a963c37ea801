/** One build, several entries: portal (SPA) and, beside it, the developer pages. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { paraglideVitePlugin } from "@inlang/paraglide-js";
import { defineConfig } from "vite";
import { VitePWA } from "vite-plugin-pwa";
import { messageOptions } from "./build/messageOptions.mjs";
import { persistedDocuments } from "./build/persistedDocuments";
import { portalFiles } from "./build/portalFiles";
import { webManifest } from "./build/webManifest";
import { withoutAddresses } from "./build/withoutAddresses";

const backend = "http://localhost:8000";
const forwarded = { target: backend, changeOrigin: true, headers: { origin: backend } };
const entries = ["index.html", "graphiql.html", "sandbox.html", "verify.html"];
// GraphiQL's editor is larger than what is usually kept; onlyPortal leaves it out.
const LARGEST_FILE = 8 * 1024 * 1024;

const portal = portalFiles();

export default defineConfig({
  base: "/",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  plugins: [
    paraglideVitePlugin(messageOptions as Parameters<typeof paraglideVitePlugin>[0]),
    persistedDocuments(),
    withoutAddresses(),
    portal.plugin,
    VitePWA({
      strategies: "injectManifest",
      srcDir: "src",
      filename: "service-worker.ts",
      injectRegister: false,
      manifest: webManifest,
      includeManifestIcons: false,
      injectManifest: {
        globPatterns: ["index.html", "assets/**/*.{js,css,woff2}", "icons/*", "theme.js"],
        maximumFileSizeToCacheInBytes: LARGEST_FILE,
        manifestTransforms: [portal.onlyPortal],
        buildPlugins: { vite: [persistedDocuments(null)] },
      },
    }),
  ],
  build: {
    outDir: resolve(import.meta.dirname, "../backend/web/spa"),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // React's libraries mark modules for its server rendering, which does not exist here.
      onLog: (level, log, report) => {
        if (log.code !== "MODULE_LEVEL_DIRECTIVE") report(level, log);
      },
      input: entries.map((e) => resolve(import.meta.dirname, e)).filter((e) => existsSync(e)),
      output: {
        // The entry stays small; what several pages share comes in one piece instead of many crumbs.
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            {
              name: "pages",
              test: /\/src\/ui\/(?!Button|Page|Message|FailedState|Dialog|BrandMark)/,
            },
            {
              name: "pages",
              test: /\/src\/lib\/(?:passkeys|contractWords|fieldErrors|useUrlState)/,
            },
            { name: "pages", test: /\/paraglide\/messages\/(?!common|shell)/, minShareCount: 2 },
          ],
        },
      },
    },
  },
  server: {
    port: 5173,
    proxy: Object.fromEntries(
      [
        "/graphql",
        "/documents",
        "/forms",
        "/savings-accounts",
        "/self-added-accounts",
        "/self-added-documents",
        "/claim-documents",
        "/receipts",
        "/postbox",
        "/sandbox/api",
      ].map((p) => [p, forwarded]),
    ),
  },
});
