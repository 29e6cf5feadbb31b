// What is printed: a line a scenario, why it failed, a line a set, and last the sum alone.

const COLUMNS = { scenario: 42, passed: 6, failed: 6, warnings: 8, "end state": 28, verdict: 11 };

/**
 * `passed`, `FAILED`, or `cannot pass` where no page could, and it ended as it should.
 *
 * The suite is content if a client does nothing in some scenarios; one check that passed shows that it did.
 */
export function verdict({ row, hidden, checks, sentences, good }) {
  if (sentences.length > 0) return "FAILED";
  if (hidden && row.unexposed?.why) return "cannot pass";
  const content = good && count(checks, "SUCCESS") > 0 && count(checks, "FAILURE") === 0;
  return content && unproven(row, checks).length === 0 ? "passed" : "FAILED";
}

export function printHead(set) {
  console.log(`\n${set}\n${line(Object.keys(COLUMNS))}`);
}

export function printRow(outcome) {
  const { row, checks, end } = outcome;
  const counts = ["SUCCESS", "FAILURE", "WARNING"].map((status) => String(count(checks, status)));
  console.log(line([row.scenario, ...counts, end, verdict(outcome)]));
  for (const reason of reasons(outcome)) console.log(`    ${reason}`);
}

function line(cells) {
  return Object.values(COLUMNS)
    .map((width, at) => cells[at].padEnd(width))
    .join("  ")
    .trimEnd();
}

export function sum(outcomes) {
  const verdicts = outcomes.map(verdict);
  const [passed, failed, excused] = ["passed", "FAILED", "cannot pass"].map((it) => countOf(verdicts, it));
  return `${passed} passed, ${failed} failed${excused > 0 ? `, ${excused} cannot pass` : ""}`;
}

function reasons(outcome) {
  const is = verdict(outcome);
  if (is === "passed") return [];
  return is === "FAILED" ? failures(outcome) : [`${outcome.row.unexposed.why}.`];
}

function failures({ row, checks, sentences, good }) {
  const bad = checks.filter((it) => ["FAILURE", "WARNING"].includes(it.status));
  const found = [
    ...sentences,
    ...bad.map((it) => `${it.status} ${it.id}: ${it.errorMessage ?? it.description}`),
    ...unproven(row, checks).map((id) => `The suite did not see that ${id} passed`),
  ];
  if (found.length === 0 && count(checks, "SUCCESS") === 0) found.push("The suite saw nothing that it could check");
  return found.length > 0 || good ? found : ["The suite's own verdict is a failure: see its log"];
}

function unproven({ proves = [] }, checks) {
  return proves.filter((id) => !checks.some((it) => it.id === id && it.status === "SUCCESS"));
}

function count(checks, status) {
  return countOf(
    checks.map((it) => it.status),
    status,
  );
}

function countOf(words, word) {
  return words.filter((it) => it === word).length;
}
