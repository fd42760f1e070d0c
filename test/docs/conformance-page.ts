/** @module The tables of `docs/conformance.md`, made of what the gate itself reads. */

import { explanations } from "../conformance/differential/explained.ts";
import { record } from "../conformance/exceptions.ts";

const caughtBy = { refused: "refused", crosscheck: "crosscheck" } as const;
const faults = { host: "Belay, by design", "opa-wasm": "OPA's WebAssembly" } as const;

/** How many cases there are, right or listed. */
function countCases(): number {
  return record.right + record.exceptions.reduce((sum, { cases }) => sum + cases.length, 0);
}

export function formatResult(): string {
  const total = countCases();
  const share = ((100 * record.right) / total).toFixed(2);
  const npm = record.npm_opa_wasm;
  return [
    `**${record.right} of ${total} cases are right (${share} %)**, on OPA 1.22.2; ${total - record.right} are listed exceptions.`,
    `npm \`opa-wasm\` alone, on the same modules: ${npm.right} right, ${npm["builtin missing"]} stopped by a builtin it lacks, ${npm["no strict errors"]} without the error that strict mode wants, ${npm["another answer"]} with another answer, ${npm["not compiled"]} not compiled.`,
  ].join("\n\n");
}

export function formatExceptions(): string {
  const rows = record.exceptions.map(
    ({ cases, example, reason, fault, caught }) =>
      `| ${cases.length} | \`${example}\` | ${reason.trim()} | ${faults[fault]} | ${caughtBy[caught]} |`,
  );
  return [
    "| cases | smallest example | why | whose | caught |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}

export function formatExplanations(): string {
  const rows = explanations.map(
    ({ name, reason, example }) =>
      `| ${name} | \`${example.rules.replaceAll("|", "\\|")}\` on \`${JSON.stringify(example.input)}\` | ${reason} |`,
  );
  return ["| what | smallest example | why |", "| --- | --- | --- |", ...rows].join("\n");
}
