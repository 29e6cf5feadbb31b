// Plays the scenarios of the official suite with the built page, one after the other, and says how it went:
// `run.mjs [--list] [scenario …]`.
import { fileURLToPath } from "node:url";
import { passes, printHead, printRow, sum } from "./report.mjs";
import { SETS } from "./scenarios.mjs";
import { setStage } from "./stage.mjs";
import { runScenario } from "./suite.mjs";

const DIST = process.env.FLOWGLASS_DIST ?? fileURLToPath(new URL("../../dist/", import.meta.url));

const names = process.argv.slice(2).filter((it) => it !== "--list");
const chosen = choose(names);
if (process.argv.includes("--list")) list(chosen);
else await run(chosen);

/** All of them, or those of these names, in every set that has them. */
function choose(names) {
  const unknown = names.filter((name) => !SETS.some((set) => set.rows.some((row) => row.scenario === name)));
  if (unknown.length > 0) {
    console.error(`There is no scenario ${unknown.join(", ")}; --list names them all`);
    process.exit(2);
  }
  const wanted = (row) => names.length === 0 || names.includes(row.scenario);
  const sets = SETS.map((set) => ({ ...set, rows: set.rows.filter(wanted) }));
  return sets.filter((set) => set.rows.length > 0);
}

function list(sets) {
  for (const { name, rows } of sets) for (const row of rows) console.log(`${name}  ${row.scenario}`);
}

async function run(sets) {
  const stage = await setStage(DIST);
  try {
    const outcomes = [];
    for (const set of sets) outcomes.push(await runSet(set, stage.environment));
    conclude(sets, outcomes);
  } finally {
    await stage.close();
  }
}

async function runSet({ name, rows, version }, environment) {
  const outcomes = [];
  printHead(name);
  for (const { scenario } of rows) {
    const outcome = await runScenario(scenario, version, environment);
    printRow(scenario, outcome);
    outcomes.push(outcome);
  }
  return outcomes;
}

function conclude(sets, outcomes) {
  const all = outcomes.flat();
  const good = all.every(passes);
  console.log(good ? "" : "\nEach scenario's log, checks and picture are in target/conformance\n");
  sets.forEach((set, at) => console.log(`${set.name}: ${sum(outcomes[at])}`));
  console.log(sum(all));
  process.exitCode = good ? 0 : 1;
}
