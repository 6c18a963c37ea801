// Colours and sizes are named in tokens.css and nowhere else.
import { readFileSync } from "node:fs";
import { files, finish } from "./report.mjs";

const allowed = /src\/styles\/tokens\.css$/;
const colour =
  /#[0-9a-f]{3,8}\b|\b(?:rgb|rgba|hsl|hsla|hwb|lab|lch|oklab|oklch)\(|:\s*(?:black|white|red|green|blue|gr[ae]y)\b/i;
const size = /(?<![\w-])-?\d*\.?\d+(?:px|rem|pt|cm)\b/;
const problems = [];
const sheets = files("src", /\.css$/).filter((file) => !allowed.test(file));

for (const file of sheets) {
  const text = readFileSync(file, "utf8").replaceAll(/\/\*[\s\S]*?\*\//g, blank);
  const known = new Set([...tokens(), ...declared(text)]);
  text.split("\n").forEach((line, index) => {
    const where = `${file}:${index + 1}: ${line.trim()}`;
    if (colour.test(line)) problems.push(`stray colour   ${where}`);
    if (size.test(line) && !line.startsWith("@media")) problems.push(`stray size     ${where}`);
    for (const [, name] of line.matchAll(/var\((--[\w-]+)/g)) {
      if (!known.has(name)) problems.push(`unknown token  ${where}`);
    }
  });
}
for (const file of files("src", /\.tsx$/)) {
  const text = readFileSync(file, "utf8");
  if (/\bstyle=/.test(text)) problems.push(`inline style   ${file}`);
  if (/dangerouslySetInnerHTML|innerHTML/.test(text)) problems.push(`markup as text ${file}`);
}
finish(`${sheets.length} style sheets use tokens only`, problems);

function tokens() {
  const text = readFileSync("src/styles/tokens.css", "utf8");
  return declared(text);
}

/** A sheet may count with names of its own; what they hold is checked like everything else. */
function declared(text) {
  return new Set([...text.matchAll(/^\s*(--[\w-]+):/gm)].map(([, name]) => name));
}

function blank(comment) {
  return comment.replaceAll(/[^\n]/g, " ");
}
