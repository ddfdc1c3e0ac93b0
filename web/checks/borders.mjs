// An area imports what is shared, never another area; what is shared never imports an area. A style attribute or a
// sentence in JSX is refused: the first by the door's policy, the second because English would miss it.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

const src = join(dirname(fileURLToPath(import.meta.url)), "..", "src");
const SENTENCE = />\s*[A-ZÀ-Ý][a-zà-ÿ]+(?:[ '’][a-zà-ÿA-Z]+)+[^<>{}=;]*</;
const faults = [];
const areaOf = (path) => {
  const parts = relative(src, path).split(sep);
  return parts[0] === "areas" && parts.length > 2 ? parts[1] : null;
};

for (const name of readdirSync(src, { recursive: true })) {
  if (!/\.tsx?$/.test(name) || name.endsWith("schema.d.ts")) continue;
  const file = join(src, name);
  const text = readFileSync(file, "utf8");
  const own = areaOf(file);
  for (const [, from] of text.matchAll(/(?:from|import\()\s*"(\.[^"]+)"/g)) {
    const other = areaOf(join(dirname(file), from, "index"));
    if (other && other !== own && name !== "areas.ts") faults.push(`${name}: imports the area ${other}`);
  }
  if (name.endsWith(".tsx") && !name.endsWith(".test.tsx")) {
    for (const [found] of text.matchAll(new RegExp(SENTENCE, "g")))
      faults.push(`${name}: a sentence outside the dictionary: ${found.trim()}`);
  }
  const lines = text.split("\n").length;
  if (lines > 400) faults.push(`${name}: ${lines} lines; 400 at most`);
}
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.exit(faults.length ? 1 : 0);
