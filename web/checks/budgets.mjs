// Sizes that web.md allows, after gzip -9, read from the build's manifest. Fails the build that is over one of them.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const dist = join(dirname(fileURLToPath(import.meta.url)), "..", "dist");
const manifest = JSON.parse(readFileSync(join(dist, ".vite", "manifest.json"), "utf8"));
const size = (file) => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length;
const kB = 1000;
/** What a screen may load beside what every screen has loaded. */
const SCREENS = {
  "calls/call-bar": 30,
  "areas/desk/index": 60,
  "areas/desk/softphone-window": 70,
  "areas/agenda": 110,
  "areas/patients": 60,
  "areas/supervision": 85,
  "areas/practitioner": 40,
  "areas/station": 50,
  "areas/release": 60,
  "areas/sets": 60,
  "areas/recalls": 60,
  "areas/board": 60,
  "areas/transport": 45,
  "areas/hospital": 60,
  "areas/connection": 60,
  "areas/setup": 90,
  "areas/plant": 60,
  "areas/admin": 90,
};

/** Every file that comes with an entry, without those in `had`. */
function files(key, had = new Set()) {
  const found = new Set();
  const visit = (name) => {
    const chunk = manifest[name];
    if (!chunk || had.has(chunk.file) || found.has(chunk.file)) return;
    found.add(chunk.file);
    for (const css of chunk.css ?? []) if (!had.has(css)) found.add(css);
    for (const each of chunk.imports ?? []) visit(each);
  };
  visit(key);
  return found;
}
const sum = (names, end) =>
  [...names].filter((name) => name.endsWith(end)).reduce((all, name) => all + size(name), 0);

const first = files("index.html");
const lines = [
  ["first load, script", sum(first, ".js"), 180 * kB],
  ["first load, style", sum(first, ".css"), 20 * kB],
];
for (const [screen, most] of Object.entries(SCREENS)) {
  const key = Object.keys(manifest).find(
    (name) => name.startsWith(`src/${screen}`) && manifest[name].isDynamicEntry,
  );
  if (!key) lines.push([`${screen} is not in the build`, Number.POSITIVE_INFINITY, 0]);
  else {
    const own = files(key, first);
    lines.push([screen, sum(own, ".js") + sum(own, ".css"), most * kB]);
  }
}
for (const [name, bytes, most] of lines) {
  process.stdout.write(
    `${bytes > most ? "OVER " : "     "}${name.padEnd(24)}${(bytes / kB).toFixed(1).padStart(8)} kB of ${most / kB}\n`,
  );
}
process.exit(lines.some(([, bytes, most]) => bytes > most) ? 1 : 0);
