// How a check ends: one line when all is well, every problem and exit code 1 otherwise.
import { readdirSync } from "node:fs";
import { join } from "node:path";

/** Paths of all files under a folder whose name matches. */
export function files(folder, pattern) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

export function finish(subject, problems) {
  for (const problem of problems) console.error(`✗ ${problem}`);
  if (problems.length > 0) process.exit(1);
  console.log(`✓ ${subject}`);
}
