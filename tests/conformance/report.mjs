// What is printed: a line a scenario, why it failed, a line a set, and last the sum alone.

const COLUMNS = { scenario: 37, passed: 6, failed: 6, warnings: 8, "end state": 28, verdict: 7 };

/** The suite is content if a client does nothing in some scenarios; one check that passed shows that it did. */
export function passes({ checks, sentence, good }) {
  return good && !sentence && count(checks, "SUCCESS") > 0 && count(checks, "FAILURE") === 0;
}

export function printHead(set) {
  console.log(`\n${set}\n${line(Object.keys(COLUMNS))}`);
}

export function printRow(scenario, outcome) {
  const counts = ["SUCCESS", "FAILURE", "WARNING"].map((status) => String(count(outcome.checks, status)));
  console.log(line([scenario, ...counts, outcome.end, passes(outcome) ? "passed" : "FAILED"]));
  if (!passes(outcome)) for (const reason of reasons(outcome)) console.log(`    ${reason}`);
}

function line(cells) {
  return Object.values(COLUMNS)
    .map((width, at) => cells[at].padEnd(width))
    .join("  ")
    .trimEnd();
}

export function sum(outcomes) {
  const passed = outcomes.filter(passes).length;
  return `${passed} passed, ${outcomes.length - passed} failed`;
}

function reasons({ checks, sentence, good }) {
  const bad = checks.filter((it) => ["FAILURE", "WARNING"].includes(it.status));
  const found = bad.map((it) => `${it.status} ${it.id}: ${it.errorMessage ?? it.description}`);
  if (sentence) found.unshift(sentence);
  if (found.length === 0 && count(checks, "SUCCESS") === 0) found.push("The suite saw nothing that it could check");
  return found.length > 0 || good ? found : ["The suite's own verdict is a failure: see its log"];
}

function count(checks, status) {
  return checks.filter((it) => it.status === status).length;
}
