// Bundles the schema check into one module without imports, `schema.js`, in a folder of a build. Trunk runs it as a hook,
// with the tools that `cargo xtask` has installed; without them the page is built all the same, and says that it does
// not check schemas.

import { existsSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const tools = process.env.FLOWGLASS_TOOLS ?? join(here, "../../target/tools");
const folder = process.argv[2] ?? process.env.TRUNK_STAGING_DIR;

/** Files of the validator's browser that load documents, and what stands in their place: nothing is ever fetched. */
const WITHOUT_RETRIEVAL = {
  "browser/lib/index.js": `
    export { get, value, typeOf, has, length, step, iter, keys, values, entries } from "./browser/browser.js";
    export const addMediaTypePlugin = () => {};`,
  "browser/lib/uri-schemes/uri-schemes.js": `
    export const retrieve = () => { throw new Error("not part of the schema"); };`,
  "browser/lib/media-types/media-types.js": `
    export const parseResponse = () => { throw new Error("not part of the schema"); };`,
  "browser/lib/browser/context-uri.js": `
    export const contextUri = () => "";`,
  // 33 KB of tables for international host names: such names are not judged.
  "json-schema-formats/src/uts46.js": `
    import { isHostname } from "./rfc1123.js";
    export const isAsciiIdn = isHostname;
    export const isIdn = () => true;`,
  "json-schema/lib/compiled-schema-serialization.js": `
    export const serialize = undefined;
    export const deserialize = undefined;`,
};

/** Nothing of the browser that loads or evaluates. */
const FORBIDDEN = /\bfetch\(|XMLHttpRequest|\beval\(|new Function|\bimport\(|importScripts/;

function withoutRetrieval(used) {
  return {
    name: "without-retrieval",
    setup(build) {
      build.onLoad({ filter: /@hyperjump/ }, ({ path }) => {
        const file = Object.keys(WITHOUT_RETRIEVAL).find((it) => path.replaceAll("\\", "/").endsWith(`@hyperjump/${it}`));
        if (!file) return undefined;
        used.add(file);
        return { contents: WITHOUT_RETRIEVAL[file], resolveDir: dirname(path) };
      });
      build.onResolve({ filter: /^content-type$/ }, () => ({ path: "content-type", namespace: "absent" }));
      build.onLoad({ filter: /.*/, namespace: "absent" }, () => ({ contents: "export default {};" }));
    },
  };
}

async function bundle() {
  const { build } = createRequire(join(tools, "package.json"))("esbuild");
  const used = new Set();
  const { outputFiles } = await build({
    entryPoints: [join(here, "check.mjs")],
    bundle: true,
    format: "esm",
    legalComments: "none",
    mainFields: ["module", "main"],
    minify: true,
    nodePaths: [join(tools, "node_modules")],
    platform: "neutral",
    plugins: [withoutRetrieval(used)],
    target: "es2022",
    write: false,
  });
  const unused = Object.keys(WITHOUT_RETRIEVAL).filter((it) => !used.has(it));
  if (unused.length > 0) throw new Error(`The validator has changed: it has no ${unused.join(", ")}`);
  const found = FORBIDDEN.exec(outputFiles[0].text);
  if (found) throw new Error(`The schema check would use ${found[0]}`);
  writeFileSync(join(folder, "schema.js"), outputFiles[0].contents);
}

if (["esbuild", "@hyperjump/json-schema"].every((it) => existsSync(join(tools, "node_modules", it)))) {
  await bundle();
} else {
  console.warn("No schema check in this build: `cargo xtask serve` installs what it is bundled with.");
}
