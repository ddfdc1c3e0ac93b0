// Makes src/api/schema.d.ts (types of every operation, as the door publishes them) and src/api/events.ts (names of
// every event) from ../contracts. Both are left out of the repository: they cannot differ from what they are made of.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";

const web = join(dirname(fileURLToPath(import.meta.url)), "..");
const contracts = join(web, "..", "contracts");
const api = join(web, "src", "api");
const documents = readdirSync(join(contracts, "openapi"))
  .filter((name) => name.endsWith(".json"))
  .sort();

/** The address at the door of a service's path (gateway.door.routes.public_path). */
export const publicPath = (service, path) => (path.startsWith("/v1/") ? `/api/${service}${path}` : path);

function aggregated() {
  const paths = {};
  const schemas = {};
  const responses = {};
  for (const name of documents) {
    const service = name.replace(".json", "");
    const text = readFileSync(join(contracts, "openapi", name), "utf8").replaceAll(
      /#\/components\/(schemas|responses)\//g,
      (_, kind) => `#/components/${kind}/${service}.`,
    );
    const own = JSON.parse(text);
    for (const [path, item] of Object.entries(own.paths)) {
      for (const [method, operation] of Object.entries(item)) {
        // Telephone systems and providers call these, by a signature: no screen does.
        if (operation["x-permission"] === "signed") delete item[method];
        // One name for one operation of all services; refusals have one shape, which the client reads by itself.
        if (operation.operationId) operation.operationId = `${service}.${operation.operationId}`;
        for (const status of Object.keys(operation.responses ?? {})) {
          if (!status.startsWith("2")) delete operation.responses[status];
        }
      }
      paths[publicPath(service, path)] = item;
    }
    for (const [key, value] of Object.entries(own.components?.schemas ?? {}))
      schemas[`${service}.${key}`] = value;
    for (const [key, value] of Object.entries(own.components?.responses ?? {}))
      responses[`${service}.${key}`] = value;
  }
  return {
    openapi: "3.1.0",
    info: { title: "Maillage", version: "1" },
    paths,
    components: { schemas, responses },
  };
}

function newest(folder) {
  return Math.max(
    ...readdirSync(folder, { recursive: true }).map((name) => statSync(join(folder, name)).mtimeMs),
  );
}

const types = join(api, "schema.d.ts");
const events = join(api, "events.ts");
const made =
  existsSync(types) && existsSync(events) ? Math.min(statSync(types).mtimeMs, statSync(events).mtimeMs) : 0;
const asked = Math.max(
  newest(join(contracts, "openapi")),
  newest(join(contracts, "schemas")),
  statSync(import.meta.filename).mtimeMs,
);
if (made < asked) {
  mkdirSync(api, { recursive: true });
  writeFileSync(
    types,
    astToString(await openapiTS(aggregated(), { alphabetize: false, emptyObjectsUnknown: true })),
  );
  const names = readdirSync(join(contracts, "schemas"), { recursive: true })
    .map((name) => name.split(/[\\/]/).join("."))
    .filter((name) => /\.v\d+\.json$/.test(name))
    .map((name) => name.replace(/\.v\d+\.json$/, ""));
  const lines = [...new Set(names)].sort().map((name) => `  "${name}",`);
  writeFileSync(
    events,
    `// Made by checks/schema.mjs.\nexport const EVENTS = [\n${lines.join("\n")}\n] as const;\n`,
  );
}
