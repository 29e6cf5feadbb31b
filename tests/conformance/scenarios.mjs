// Which scenarios of the suite are played, and what the user does with the page in each. One row is one scenario.
import { AUTH_SETS } from "./auth.mjs";

/**
 * @typedef {import("./inspector.mjs").Inspector} Inspector
 *
 * @typedef {object} Row
 * @property {string} scenario What the suite calls it.
 * @property {(context: any) => Record<string, string>} [fields] What is filled in beside the address, by test id.
 *   `context` is what the suite hands to this scenario's client.
 * @property {(inspector: Inspector, context: any) => Promise<void>} [play] What is done once the page is connected.
 *   A row without it only connects.
 * @property {string} end The end state: `connected`, or another `data-connection` with the code of its problem,
 *   such as `refused issuer-mismatch`.
 * @property {number} [tries] How often it may be played, where it is judged by a window of milliseconds.
 * @property {string[]} [proves] The checks that must have passed, where the suite would be content without them.
 * @property {{ end: string, why?: string }} [unexposed] How connecting must end where a page may not read the headers
 *   of an answer, if that is not the same; and why the suite cannot be content then, if it cannot.
 *
 * @typedef {object} Set
 * @property {string} name
 * @property {string} version The revision of the suite's server.
 * @property {string} [negotiated] What has to be negotiated, where it is another one.
 * @property {boolean} [beside] Of an extension, which the suite plays for a revision only when it is told to.
 * @property {Row[]} rows
 */

/** @type {Row} */
const initialize = { scenario: "initialize", end: "connected" };

/** @type {Row} */
const toolsCall = {
  scenario: "tools_call",
  play: (inspector) => inspector.call("add_numbers", { a: 2, b: 3 }),
  end: "connected",
};

/** @type {Row} */
const elicitationDefaults = {
  scenario: "elicitation-sep1034-client-defaults",
  play: (inspector) => callAndAccept(inspector, "test_client_elicitation_defaults"),
  end: "connected",
  unexposed: { end: "failed session-hidden", why: "The server answers nothing without its session" },
};

/** The answer comes only on the stream that the page opens again after the server closed the first one. @type {Row} */
const sseRetry = {
  scenario: "sse-retry",
  tries: 3,
  play: (inspector) => inspector.call("test_reconnection", {}),
  end: "connected",
};

/** The schema that the page shows is sent back, so that the server sees what is left of it. @type {Row} */
const schemaPreservation = {
  scenario: "json-schema-2020-12-preservation",
  play: async (inspector) => {
    const schema = JSON.parse(await inspector.schema("json_schema_2020_12_tool"));
    await inspector.call("json_schema_echo", { schema });
  },
  end: "connected",
};

/** The server refuses the first request whatever it is; to connect is to have asked again. @type {Row} */
const requestMetadata = { scenario: "request-metadata", end: "connected" };

/** @type {Row} */
const requestState = {
  scenario: "sep-2322-client-request-state",
  play: async (inspector) => {
    await callAndAccept(inspector, "test_mrtr_echo_state");
    await inspector.call("test_mrtr_unrelated", {});
    await callAndAccept(inspector, "test_mrtr_no_state");
    await inspector.call("test_mrtr_no_result_type", {});
  },
  end: "connected",
};

/** Everything that has a header of its own: what is not sent, the suite skips. @type {Row} */
const standardHeaders = {
  scenario: "http-standard-headers",
  play: async (inspector) => {
    await inspector.call("test_headers", {});
    await inspector.call("my-hyphenated-tool", {});
    await inspector.read("file:///path/to/file%20name.txt");
    await inspector.read("https://example.com/resource?id=123");
    await inspector.prompt("test_prompt");
  },
  end: "connected",
};

/** @type {Row} */
const customHeaders = {
  scenario: "http-custom-headers",
  play: async (inspector, context) => {
    for (const { name, arguments: values } of context.toolCalls) await inspector.call(name, values);
  },
  end: "connected",
};

/** The suite is content if nothing invalid is called, so everything is called that the page offers. @type {Row} */
const invalidToolHeaders = {
  scenario: "http-invalid-tool-headers",
  play: async (inspector) => {
    const offered = await inspector.callableTools();
    for (const name of offered) await inspector.call(name, { region: "us-west1" });
    if (offered.join() !== "valid_tool") throw new Error(`The page lets one call ${offered.join(", ") || "no tool"}`);
  },
  end: "connected",
};

/** A schema is only read where a form is made of it and arguments are checked against it. @type {Row} */
const refNotFetched = {
  scenario: "json-schema-ref-no-deref",
  play: async (inspector) => {
    const schema = await inspector.schema("lookup_user");
    if (!schema.includes("/canary/")) throw new Error("The page does not show the schema's foreign $ref");
    await inspector.typeArguments({ id: "user-1", profile: { displayName: "Somebody" } });
  },
  end: "connected",
};

/** @type {Set[]} */
export const SETS = [
  {
    name: "2025-11-25",
    version: "2025-11-25",
    rows: [initialize, toolsCall, elicitationDefaults, sseRetry, schemaPreservation],
  },
  {
    name: "2026-07-28",
    version: "2026-07-28",
    rows: [
      toolsCall,
      requestMetadata,
      requestState,
      standardHeaders,
      customHeaders,
      invalidToolHeaders,
      refNotFetched,
      schemaPreservation,
    ],
  },
  ...AUTH_SETS,
];


/** The row that the suite asks its client to play, and what is negotiated in its set. */
export function rowOf(scenario, version) {
  for (const set of SETS.filter((it) => it.version === version)) {
    const row = set.rows.find((it) => it.scenario === scenario);
    if (row) return { row, negotiated: set.negotiated ?? version };
  }
  throw new Error(`No row of the table is ${scenario} at ${version}`);
}

/** What is played where a page may not read headers: all of it, or connecting alone. @type {(row: Row) => Row} */
export function unexposed(row) {
  return row.unexposed ? { ...row, play: undefined, end: row.unexposed.end } : row;
}

/** The end state in full: a connection counts only with the version that was to be negotiated. */
export function expectedEnd(row, negotiated) {
  return row.end === "connected" ? `connected ${negotiated}` : row.end;
}

/** The server asks back in the middle of the call; its form goes out as the page filled it. */
async function callAndAccept(inspector, tool) {
  await inspector.press(tool, {});
  await inspector.accept("elicitation");
  await inspector.result("call-result");
}
