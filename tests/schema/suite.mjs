// The official JSON-Schema-Test-Suite through the schema check of a built page.
//
//   node tests/schema/suite.mjs <folder of the page, or schema.js>

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SUITE = fileURLToPath(new URL("../data/json-schema-test-suite", import.meta.url));

/** The drafts that are judged, each with the dialect that its documents are in where they name none. */
export const DRAFTS = {
  "draft2020-12": "https://json-schema.org/draft/2020-12/schema",
  draft7: "http://json-schema.org/draft-07/schema#",
};

/** In draft-07 the validator takes an `$id` beside a `$ref` for one, which later drafts do too. */
const KNOWN = ["$ref prevents a sibling $id from changing the base uri"];

/** References to documents that the suite serves over HTTP. This check fetches nothing, on purpose. */
const REMOTE = "http://localhost:1234";

/** The module of the schema check in the folder of a built page. */
export async function built(folder) {
  const name = folder.endsWith(".js") ? "" : (readdirSync(folder).find((it) => /^schema(-[0-9a-f]+)?\.js$/.test(it)) ?? "schema.js");
  // Node takes a file without a package.json around it for CommonJS.
  const text = readFileSync(join(folder, name));
  return import(`data:text/javascript;base64,${text.toString("base64")}`);
}

/** Every test of a draft: how many are as they should be, which are not, and how many need another document. */
export async function run(check, draft) {
  const result = { passed: 0, remote: 0, known: 0, failed: [] };
  for (const file of files(join(SUITE, draft))) {
    for (const group of JSON.parse(readFileSync(file, "utf8"))) {
      for (const test of group.tests) await judge(check, draft, { file, group, test }, result);
    }
  }
  return result;
}

async function judge(check, draft, { file, group, test }, result) {
  const schema = JSON.stringify(group.schema);
  // Formats are annotations in the required tests; those of regular expressions are about a format.
  const options = { formats: file.includes("regex"), dialect: DRAFTS[draft] };
  const { valid, ...rest } = await check(schema, JSON.stringify(test.data), options);
  if (valid === test.valid) result.passed += 1;
  else if (schema.includes(REMOTE) && rest.unchecked) result.remote += 1;
  else if (draft === "draft7" && KNOWN.includes(group.description)) result.known += 1;
  else result.failed.push({ file, schema: group.description, test: test.description, valid, ...rest });
}

function files(folder) {
  const names = readdirSync(folder, { recursive: true }).filter((it) => it.endsWith(".json"));
  return names.sort().map((it) => join(folder, it));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { check } = await built(process.argv[2]);
  for (const draft of Object.keys(DRAFTS)) {
    const { passed, remote, known, failed } = await run(check, draft);
    console.log(`${draft}: ${passed} passed, ${failed.length} failed, ${remote} need another document, ${known} known`);
    for (const it of failed) console.log(" ", JSON.stringify(it));
    if (failed.length > 0) process.exitCode = 1;
  }
}
