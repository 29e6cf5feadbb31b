// Names every part of a built folder by the hash of its own bytes, and changes the names where parts refer to each
// other: a cached part of one build never meets a part of another. A folder that is named already is named anew. The
// service worker has one name for ever; it is told the parts.

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.argv.at(-1);
const WORKER = "sw.js";
const PART = /^(?<kind>[a-z]+?)(?:-[0-9a-f]{6,64})?(?<ending>(?:_bg)?\.(?:css|js|svg|wasm))$/;

const parts = readdirSync(folder).flatMap((name) => {
  const match = PART.exec(name);
  return match && name !== WORKER ? [{ old: name, ...match.groups }] : [];
});
// The two import each other, so one hash over both names both.
const circle = parts.filter(({ kind, ending }) => ending === ".js" && ["flowglass", "split"].includes(kind));
const leaves = parts.filter((part) => !circle.includes(part));

for (const part of leaves) rename(part, hash([readFileSync(join(folder, part.old))]));
if (circle.length > 0) {
  const scripts = circle.map(({ old }) => renamed(read(old), leaves));
  const unnamed = circle.map((part) => ({ ...part, name: part.kind + part.ending }));
  const both = hash(scripts.map((script) => renamed(script, unnamed)));
  for (const part of circle) rename(part, both);
  circle.forEach((part, index) => writeFileSync(join(folder, part.name), renamed(scripts[index], circle)));
}
for (const page of readdirSync(folder, { recursive: true }).filter((it) => it.endsWith(".html"))) {
  writeFileSync(join(folder, page), renamed(read(page), parts));
}
if (existsSync(join(folder, WORKER))) {
  const files = Object.fromEntries(parts.map(({ name }) => [name, integrity(name)]).sort());
  const listed = read(WORKER).replace(/^const FILES = .*;$/m, () => `const FILES = ${JSON.stringify(files)};`);
  writeFileSync(join(folder, WORKER), listed);
}

/** As `fetch` checks it (Subresource Integrity). */
function integrity(name) {
  return `sha256-${createHash("sha256").update(readFileSync(join(folder, name))).digest("base64")}`;
}

function read(name) {
  return readFileSync(join(folder, name), "utf8");
}

function hash(contents) {
  const sum = createHash("sha256");
  for (const content of contents) sum.update(content);
  return sum.digest("hex");
}

/** A module has the whole hash in its name, which `assets/boot.js` compares with its bytes. */
function rename(part, hash) {
  part.name = `${part.kind}-${part.ending.endsWith(".wasm") ? hash : hash.slice(0, 16)}${part.ending}`;
  renameSync(join(folder, part.old), join(folder, part.name));
}

function renamed(text, parts) {
  return parts.reduce((text, { old, name }) => text.replace(whole(old), name), text);
}

/** A name that is not the end of a longer one. */
function whole(name) {
  return new RegExp(`(?<![\\w-])${name.replace(".", "\\.")}`, "g");
}

// The build has a name too, of all its parts and of the page that names them (`<meta name="build">`): by it an open page
// knows another build (`version.json`).
const BUILD = /<meta\b[^>]*\bname="?build"?(?=[\s>])[^>]*>/;
const nameless = read("index.html").replace(BUILD, "").replace(/<base\b[^>]*>/, "");
const build = hash([...parts.map(({ name }) => `${name}\n`).sort(), nameless]).slice(0, 16);
for (const page of readdirSync(folder, { recursive: true }).filter((it) => it.endsWith(".html"))) {
  writeFileSync(join(folder, page), read(page).replace(BUILD, `<meta name="build" content="${build}">`));
}
