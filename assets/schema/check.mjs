// The schema check: a JSON text against a JSON Schema, as facts. `cargo xtask` bundles it with the validator into
// `schema.js`, which the page runs as a worker: however long a hostile pattern takes, the page ends it and stays usable.
// Nothing is ever fetched: the bundle has no code that could.

import { setMetaSchemaOutputFormat, setShouldValidateFormat } from "@hyperjump/json-schema/draft-2020-12";
import "@hyperjump/json-schema/draft-2019-09";
import "@hyperjump/json-schema/draft-07";
import "@hyperjump/json-schema/draft-06";
import "@hyperjump/json-schema/draft-04";
import "@hyperjump/json-schema/formats";
import { buildSchemaDocument, compile, DETAILED, getSchema, hasDialect, interpret } from "@hyperjump/json-schema/experimental";
import { fromJs } from "@hyperjump/json-schema/instance/experimental";
import { mended } from "./patterns.mjs";
import { problems } from "./problems.mjs";

/** MCP's dialect where a schema names none (2025-11-25, "JSON Schema Usage"). */
const DIALECT = "https://json-schema.org/draft/2020-12/schema";
/** Where a schema without an `$id` stands. References to it lead into the schema itself. */
const PLACE = "https://schema.invalid/";
/** The most problems that are told. */
const MOST = 100;

setMetaSchemaOutputFormat(DETAILED);

/**
 * What of a value breaks its schema, both given as JSON texts: `{ valid, problems, more, skipped }`, or
 * `{ unchecked, what }` where the schema could not be used. Formats are judged unless `formats` is false.
 */
export async function check(schema, value, { formats = true, dialect = DIALECT } = {}) {
  try {
    return await checked(schema, value, { formats, dialect });
  } catch (error) {
    return unchecked(error);
  }
}

async function checked(schemaText, valueText, { formats, dialect }) {
  const value = JSON.parse(valueText);
  const skipped = [];
  const schema = mended(schemaText, skipped);
  const named = typeof schema?.$schema === "string" ? schema.$schema : dialect;
  if (!hasDialect(named.replace(/#$/, ""))) return { unchecked: "dialect", what: named };
  await prepared(named);
  const document = buildSchemaDocument(schema, PLACE, named);
  const compiled = await compile(await opened(document));
  setShouldValidateFormat(formats);
  const { valid, errors = [] } = interpret(compiled, fromJs(value), DETAILED);
  const all = valid ? [] : problems(errors, document, value);
  return { valid, problems: all.slice(0, MOST), more: Math.max(all.length - MOST, 0), skipped };
}

/** The document is found where it stands, whatever scheme its `$id` has. */
function opened(document) {
  return getSchema(document.baseUri, { _cache: { [document.baseUri]: document } });
}

const ready = new Set();

/** Reads the dialect's own schema first: a schema that claims to be it must not be taken for it. */
async function prepared(dialect) {
  if (ready.has(dialect)) return;
  await compile(await opened(buildSchemaDocument({}, PLACE, dialect)));
  ready.add(dialect);
}

/** Why nothing was checked: a reason, and what of the schema it is about. */
function unchecked(error) {
  const message = String(error?.message ?? error);
  if (error?.output) return { unchecked: "schema", what: invalidPlace(error.output) };
  if (error instanceof RangeError) return { unchecked: "deep", what: "" };
  const reference = referenced(message);
  if (reference) return { unchecked: "reference", what: reference.replace(PLACE, "").slice(0, 300) };
  return { unchecked: "error", what: message.slice(0, 300) };
}

/** The reference that leads nowhere: to another document, to a place or to a name that this one does not have. */
function referenced(message) {
  const [, other] = /^Unable to load resource '([^']*)'/.exec(message) ?? [];
  const [, place, name] = /^Value at '([^']*)' is \S+ and does not have property '([^']*)'/.exec(message) ?? [];
  const [, found] = /^No (?:such anchor|schema found at) '([^']*)'/.exec(message) ?? [];
  return other ?? found ?? (place === undefined ? undefined : `#${place}/${name}`);
}

/** The place in a schema that the dialect does not allow. */
function invalidPlace(output) {
  let unit = output?.errors?.[0];
  while (unit?.errors?.length) unit = unit.errors[0];
  return decodeURI(unit?.instanceLocation?.split("#")[1] ?? "");
}

if (typeof WorkerGlobalScope !== "undefined" && globalThis instanceof WorkerGlobalScope) {
  addEventListener("message", async ({ data: [number, schema, value] }) => {
    postMessage([number, JSON.stringify(await check(schema, value))]);
  });
  postMessage([0, "ready"]);
}
