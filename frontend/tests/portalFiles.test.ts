import { expect, test } from "vitest";
import { portalFiles } from "../build/portalFiles";

const chunk = (name: string, imports: string[], dynamicImports: string[] = []) => ({
  type: "chunk",
  name,
  fileName: `assets/${name}.js`,
  isEntry: ["index", "graphiql"].includes(name),
  imports,
  dynamicImports,
  viteMetadata: {
    importedCss: new Set([`assets/${name}.css`]),
    importedAssets: new Set([`assets/${name}.woff2`]),
  },
});

const bundle = Object.fromEntries(
  [
    chunk("index", ["assets/shared.js"], ["assets/page.js"]),
    chunk("page", ["assets/shared.js"]),
    chunk("shared", []),
    chunk("graphiql", ["assets/shared.js", "assets/editor.js"]),
    chunk("editor", []),
  ].map((file) => [file.fileName, file]),
);

function kept(urls: string[], size = 1000): string[] {
  const portal = portalFiles("index");
  (portal.plugin.generateBundle as unknown as (options: unknown, files: unknown) => void)(
    {},
    bundle,
  );
  return portal.onlyPortal(urls.map((url) => ({ url, size }))).manifest.map(({ url }) => url);
}

test("phones keep what the portal's page reaches, with styles and fonts, and the icons", () => {
  const portal = ["index", "page", "shared"].flatMap((name) => [
    `assets/${name}.js`,
    `assets/${name}.css`,
    `assets/${name}.woff2`,
  ]);
  expect(kept(["index.html", "icons/icon.svg", ...portal])).toHaveLength(11);
});

test("phones keep nothing of the developers' pages", () => {
  expect(kept(["assets/graphiql.js", "assets/graphiql.css", "assets/editor.js"])).toEqual([]);
});

test("phones keep no file that is of no use offline", () => {
  expect(kept(["assets/page.js"], 400_000)).toEqual([]);
});

test("a build without the portal's page stops", () => {
  const { plugin } = portalFiles("absent");
  const generate = plugin.generateBundle as unknown as (options: unknown, files: unknown) => void;
  expect(() => generate({}, bundle)).toThrow("the build has no entry named absent");
});
