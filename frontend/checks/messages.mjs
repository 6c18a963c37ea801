// Every text exists in German and English, with the same placeholders, under its namespace, and is used.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { files, finish } from "./report.mjs";

const folder = "src/messages";
const patterns = JSON.parse(readFileSync("project.inlang/settings.json", "utf8"));
const registered = patterns["plugin.inlang.messageFormat"].pathPattern;
const source = files("src", /\.tsx?$/)
  .filter((file) => !file.startsWith("src/paraglide"))
  .map((file) => readFileSync(file, "utf8"))
  .join("\n");
const problems = [];
let count = 0;

for (const name of readdirSync(join(folder, "de"))) {
  const namespace = name.replace(".json", "");
  const [german, english] = ["de", "en"].map((locale) => read(join(folder, locale, name)));
  if (!registered.includes(`./src/messages/{locale}/${name}`)) {
    problems.push(`${name}: not registered in project.inlang/settings.json`);
  }
  for (const key of new Set([...Object.keys(german), ...Object.keys(english)])) {
    count += 1;
    problems.push(...judge(`${name}: ${key}`, namespace, key, german[key], english[key]));
  }
}
finish(`${count} texts in German and English`, problems);

function judge(where, namespace, key, german, english) {
  if (!german?.trim()) return [`${where} is missing in German`];
  if (!english?.trim()) return [`${where} is missing in English`];
  const found = [];
  if (!key.startsWith(`${namespace}_`)) found.push(`${where} must begin with ${namespace}_`);
  if (placeholders(german) !== placeholders(english)) found.push(`${where}: placeholders differ`);
  if (!new RegExp(`\\bm\\.${key}\\b`).test(source)) found.push(`${where} is used nowhere`);
  return found;
}

function placeholders(text) {
  return (text.match(/\{\w+\}/g) ?? []).sort().join();
}

function read(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    problems.push(`${path}: ${error.message}`);
    return {};
  }
}
