// What the browser loads first stays small, and nothing in the build speaks to another host.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { files, finish } from "./report.mjs";

const build = process.argv[2] ?? "../backend/web/spa";
const limits = { js: 40_000, css: 30_000 };
// Names of XML vocabularies, never fetched.
const namespaces =
  /^http:\/\/www\.w3\.org\/(?:1999\/(?:xlink|xhtml)|2000\/svg|1998\/Math\/MathML|XML\/1998\/namespace)$/;

if (!existsSync(join(build, "index.html"))) {
  finish("", [`${build}/index.html is missing: run npm run build first`]);
}
const problems = [];
const index = readFileSync(join(build, "index.html"), "utf8");
const initial = [...index.matchAll(/(?:src|href)="\/([^"]+\.(js|css))"/g)]
  .filter(([tag]) => !tag.includes("unsupported.js"))
  .map(([, path, kind]) => ({ path, kind }));
const weigh = (kind) =>
  initial
    .filter((file) => file.kind === kind)
    .reduce((sum, file) => sum + gzipSync(readFileSync(join(build, file.path))).length, 0);
const weight = { js: weigh("js"), css: weigh("css") };
for (const kind of ["js", "css"]) {
  if (weight[kind] === 0) problems.push(`index.html loads no ${kind}`);
  if (weight[kind] > limits[kind]) {
    problems.push(`initial ${kind}: ${weight[kind]} bytes gzip, allowed ${limits[kind]}`);
  }
}

const portal = reachable([
  "index.html",
  "theme.js",
  "unsupported.js",
  "service-worker.js",
  "manifest.webmanifest",
  "sandbox.html",
  "verify.html",
]);
for (const path of portal) {
  const text = readFileSync(join(build, path), "utf8");
  // A scheme before a placeholder names no host: pdf.js links "www.…" in a letter that way.
  for (const [address] of text.matchAll(/(?:https?|wss?):\/\/(?!\$\{)[^\s"'`)\\<>]+/g)) {
    if (!namespaces.test(address) && address !== "http://localhost")
      problems.push(`${path} names another host: ${address}`);
  }
}
for (const page of files(build, /\.html$/)) {
  const html = readFileSync(page, "utf8");
  if (/<script(?![^>]*\ssrc=)[^>]*>|<style|\sstyle=|\son\w+=/.test(html)) {
    problems.push(`${page} has inline script or style, which the CSP refuses`);
  }
  for (const [, address] of html.matchAll(/(?:src|href)="((?:https?:)?\/\/[^"]+)"/g)) {
    problems.push(`${page} loads from another host: ${address}`);
  }
}
const documents = JSON.parse(readFileSync(join(build, "persisted-documents.json"), "utf8"));
if (Object.keys(documents).length === 0) problems.push("no persisted documents");
finish(
  `initial JS ${weight.js} of ${limits.js}, CSS ${weight.css} of ${limits.css} bytes gzip; ` +
    `${portal.size} files of the portal name no other host; ` +
    `${Object.keys(documents).length} persisted documents`,
  problems,
);

function reachable(starts) {
  const seen = new Set();
  const queue = [...starts];
  while (queue.length > 0) {
    const path = queue.pop();
    if (seen.has(path) || !existsSync(join(build, path))) continue;
    seen.add(path);
    if (path === "service-worker.js") continue;
    const text = readFileSync(join(build, path), "utf8");
    for (const [, name] of text.matchAll(/["'/]([\w.-]+\.(?:js|css))["']/g)) {
      queue.push(`assets/${name}`);
    }
  }
  return seen;
}
