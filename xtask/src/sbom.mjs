// Makes one bill of materials of two, of the crates and of the npm packages in the page, and prints it: sorted, and
// without what would differ from machine to machine.
//
// sbom.mjs <crates.json> <npm.json> <folder of the repository>

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [crates, npm, root] = process.argv.slice(-3);
// The folder is in the names of its own packages.
const text = readFileSync(crates, "utf8").replaceAll(pathToFileURL(root).href, "file://.");
const all = JSON.parse(text);
const other = JSON.parse(readFileSync(npm, "utf8"));

// The list of npm's tools is no part of the page; what it lists is.
const own = other.metadata.component["bom-ref"];
const page = all.metadata.component["bom-ref"];
const bundled = other.dependencies.find(({ ref }) => ref === own).dependsOn;

delete all.serialNumber;
all.metadata.tools = [...all.metadata.tools, ...other.metadata.tools];
all.components = by("bom-ref", [...all.components, ...other.components]);
all.dependencies = by("ref", [...all.dependencies, ...other.dependencies.filter(({ ref }) => ref !== own)]);
const needs = all.dependencies.find(({ ref }) => ref === page);
needs.dependsOn = [...(needs.dependsOn ?? []), ...bundled].sort();

const line = JSON.stringify(all, null, 2);
if (line.includes(root)) throw new Error(`The bill of materials names ${root}`);
process.stdout.write(`${line}\n`);

function by(name, list) {
  return list.sort((a, b) => (a[name] < b[name] ? -1 : 1));
}
