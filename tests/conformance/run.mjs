// Plays the scenarios of the official suite with the built page, one after the other, and says how it went:
// `run.mjs [--list] [--unexposed] [--set name]… [scenario …]`.
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { printHead, printRow, sum, verdict } from "./report.mjs";
import { SETS } from "./scenarios.mjs";
import { setStage } from "./stage.mjs";
import { runScenario } from "./suite.mjs";

const DIST = process.env.FLOWGLASS_DIST ?? fileURLToPath(new URL("../../dist/", import.meta.url));

const { values: options, positionals: scenarios } = parseArgs({
  allowPositionals: true,
  options: {
    list: { type: "boolean", default: false },
    unexposed: { type: "boolean", default: false },
    set: { type: "string", multiple: true, default: [] },
  },
});
const chosen = choose(options.set, scenarios);
if (options.list) list(chosen);
else await run(chosen);

/** Those of these names, in the sets that are named, or in every one. */
function choose(names, scenarios) {
  const ofName = names.map((name) => SETS.find((set) => set.name === name) ?? unknown("set", name));
  const sets = names.length > 0 ? ofName : SETS;
  const known = sets.flatMap((set) => set.rows.map((row) => row.scenario));
  for (const scenario of scenarios) if (!known.includes(scenario)) unknown("scenario", scenario, names);
  const wanted = (row) => scenarios.length === 0 || scenarios.includes(row.scenario);
  return sets.map((set) => ({ ...set, rows: set.rows.filter(wanted) })).filter((set) => set.rows.length > 0);
}

function unknown(what, name, sets = []) {
  const where = sets.length > 0 ? ` in ${sets.join(", ")}` : "";
  console.error(`There is no ${what} ${name}${where}; --list names them all`);
  process.exit(2);
}

function list(sets) {
  for (const { name, rows } of sets) for (const row of rows) console.log(`${name}  ${row.scenario}`);
}

async function run(sets) {
  const stage = await setStage(DIST, options.unexposed);
  try {
    const outcomes = [];
    for (const set of sets) outcomes.push(await runSet(set, stage));
    conclude(sets, outcomes);
  } finally {
    await stage.close();
  }
}

async function runSet({ name, rows, version, beside = false }, stage) {
  const outcomes = [];
  printHead(stage.unexposed ? `${name}, no header exposed` : name);
  for (const row of rows) {
    const outcome = await runRow(row, version, { ...stage, beside });
    printRow(outcome);
    outcomes.push(outcome);
  }
  return outcomes;
}

/** One whose time is measured in milliseconds may be tried again: the machine is not always quiet. */
async function runRow(row, version, stage) {
  for (let tries = row.tries ?? 1; ; tries -= 1) {
    const outcome = { row, hidden: stage.unexposed, ...(await runScenario(row.scenario, version, stage)) };
    if (tries <= 1 || verdict(outcome) !== "FAILED") return outcome;
  }
}

function conclude(sets, outcomes) {
  const all = outcomes.flat();
  const good = all.every((outcome) => verdict(outcome) !== "FAILED");
  console.log(good ? "" : "\nEach scenario's log, checks and picture are in target/conformance\n");
  sets.forEach((set, at) => console.log(`${set.name}: ${sum(outcomes[at])}`));
  console.log(sum(all));
  process.exitCode = good ? 0 : 1;
}
