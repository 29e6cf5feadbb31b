// Ends the run with one plain line, whatever else was printed: "N passed, N failed".
import type { FullResult, Reporter, Suite } from "@playwright/test/reporter";

export default class ClosingLine implements Reporter {
  private suite?: Suite;

  onBegin(_: unknown, suite: Suite) {
    this.suite = suite;
  }

  onEnd(result: FullResult) {
    const tests = this.suite?.allTests() ?? [];
    const onlyListed = tests.every((it) => it.results.length === 0) && result.status === "passed";
    if (onlyListed) return;
    const outcomes = tests.map((it) => (it.results.length > 0 ? it.outcome() : "skipped"));
    const count = (...wanted: string[]) => outcomes.filter((it) => wanted.includes(it)).length;
    const skipped = count("skipped");
    // A run that was stopped, or that could not begin, has failed even where no test has.
    const failed = count("unexpected", "flaky") || (result.status === "passed" ? 0 : 1);
    console.log(`\n${count("expected")} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  }

  printsToStdio() {
    return false;
  }
}
