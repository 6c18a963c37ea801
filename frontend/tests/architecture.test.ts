import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const sources = readdirSync("src", { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name))
  .filter((file) => !file.includes("paraglide") && !file.endsWith(".d.ts"))
  .map((file) => ({ file, text: readFileSync(file, "utf8") }));

const imports = (text: string) =>
  [...text.matchAll(/(?:from|import\()\s*"([^"]+)"/g)].map((m) => m[1] ?? "");

test("a feature never imports a feature", () => {
  const guilty = sources
    .filter(({ file }) => file.startsWith("src/features/"))
    .filter(({ text }) =>
      imports(text).some((path) => /^\.\.\/(?!\.\.)/.test(path) || path.includes("/features/")),
    );
  expect(guilty.map(({ file }) => file)).toEqual([]);
});

test("ui, lib and graphql know neither features nor the shell", () => {
  const guilty = sources
    .filter(({ file }) => /^src\/(?:ui|lib|graphql)\//.test(file))
    .filter(({ text }) => imports(text).some((path) => /\/(?:features|shell)\//.test(path)));
  expect(guilty.map(({ file }) => file)).toEqual([]);
});

test("no file reaches 300 lines", () => {
  const long = sources.filter(({ text }) => text.split("\n").length > 300);
  expect(long.map(({ file }) => file)).toEqual([]);
});

test("a file exports one component, by name", () => {
  const guilty = sources.filter(
    ({ text }) =>
      /export default/.test(text) ||
      (text.match(/^export (?:function|class) [A-Z]\w*[\s\S]*?(?:JSX\.Element|render\(\))/gm) ?? [])
        .length > 1,
  );
  expect(guilty.map(({ file }) => file)).toEqual([]);
});

test("a page asks one question: one query beside what is loaded on demand", () => {
  const pages = sources.filter(({ file }) => file.endsWith("Page.tsx"));
  const guilty = pages.filter(({ text }) => (text.match(/^ {2,4}query \w+/gm) ?? []).length > 1);
  expect(guilty.map(({ file }) => file)).toEqual([]);
  expect(pages.length).toBeGreaterThan(8);
});
