/**
 * @module A vitest reporter whose last line is `N passed, N failed`. Before it come the titles that
 * begin with a number and the annotations of tests: what a check has seen. A file that does not load and an error outside of any
 * test count as failed; a skipped test is neither, and is named.
 */

import type { Reporter, TestModule } from "vitest/node";

interface Tally {
  passed: number;
  failed: number;
  readonly seen: string[];
  readonly skipped: string[];
}

function addModule(tally: Tally, module: TestModule): void {
  tally.failed += module.errors().length;
  for (const suite of module.children.allSuites()) tally.failed += suite.errors().length;
  for (const test of module.children.allTests()) {
    const { state } = test.result();
    if (state === "passed") tally.passed += 1;
    else if (state === "failed") tally.failed += 1;
    else tally.skipped.push(`${module.relativeModuleId}: ${test.fullName}`);
    if (/^\d/.test(test.name)) tally.seen.push(test.name);
    tally.seen.push(...test.annotations().map(({ message }) => message));
  }
}

export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tally: Tally = { passed: 0, failed: errors.length, seen: [], skipped: [] };
    for (const module of modules) addModule(tally, module);
    const lines = [
      ...tally.seen.map((title) => `- ${title}`),
      ...tally.skipped.map((title) => `- skipped: ${title}`),
      `${tally.passed} passed, ${tally.failed} failed`,
    ];
    process.stdout.write(`${lines.join("\n")}\n`);
  }
}
