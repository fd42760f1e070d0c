/**
 * @module The account of a decision in Markdown, for tickets and post-mortems: what was decided, on
 * what evidence, what would have changed it, and what is to be done. Pure, from the decision alone.
 * Names and messages come from outside, so nothing of them is taken for markup.
 */

import type { Decision, Evidence, Reason } from "./decision.ts";
import type { PlanStep } from "./plan/plan-schema.ts";

/** Reasons, unknowns and steps that are written out; the decision itself has them all. */
const rowsMax = 100;

export function createAccount(decision: Decision): string {
  const parts = [
    `# ${escape(decision.summary)}`,
    describeVerdict(decision),
    describeReasons(decision),
    describeUnknowns(decision),
    describePlan(decision),
    describeQuestion(decision),
    describeOrigin(decision),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function describeVerdict({ verdict, code, scope, validity, notice }: Decision): string {
  const where = scope.env === undefined ? "" : ` in ${escape(scope.env)}`;
  const lines = [
    `**${verdict}**, code \`${code}\`, for ${scope.services.map(escape).join(", ")}${where}.`,
    `Decided ${instant(validity.decided_at_ms)}, good until ${instant(validity.expires_at_ms)}.`,
  ];
  if (notice !== undefined) lines.push(escape(notice.internal));
  return lines.join("  \n");
}

function describeReasons({ reasons }: Decision): string {
  if (reasons.length === 0) return "## Why\n\nNothing was found that speaks against it.";
  const shown = reasons.slice(0, rowsMax).map(describeReason);
  return ["## Why", ...shown, ...rest(reasons.length, "reasons")].join("\n\n");
}

function describeReason(reason: Reason): string {
  const { code, kind, severity, message, policy, location, counted, evidence } = reason;
  const place = location === undefined ? "" : `, ${escape(location.file)}:${location.row}`;
  const shadow = counted ? "" : " In shadow: it does not count.";
  const head = `**${code}** (${kind}, ${severity}): ${escape(message)}.${shadow}  \nPolicy ${escape(policy)}${place}.`;
  const rows = evidence.map(describeEvidence);
  const table = [
    "| evidence | observed | limit | margin | of |",
    "| --- | --- | --- | --- | --- |",
  ];
  const parts = rows.length === 0 ? [head] : [head, [...table, ...rows].join("\n")];
  if (reason.would_flip !== undefined) {
    const { path, from, to, verdict } = reason.would_flip;
    parts.push(
      `With ${value(to)} instead of ${value(from)} at ${escape(path)} the verdict would have been **${verdict}**.`,
    );
  }
  return parts.join("\n\n");
}

function describeEvidence(item: Evidence): string {
  const { path, observed, op, threshold, unit, margin, n } = item;
  const limit = `${escape(op)} ${value(threshold)}${unit === undefined ? "" : ` ${escape(unit)}`}`;
  return row([
    escape(path),
    value(observed),
    limit,
    margin === undefined ? "" : value(margin),
    n === undefined ? "" : String(n),
  ]);
}

function describeUnknowns({ unknowns }: Decision): string {
  if (unknowns.length === 0) return "";
  const lines = unknowns.slice(0, rowsMax).map(({ message }) => `- ${escape(message)}`);
  return ["## Not known", [...lines, ...rest(unknowns.length, "unknowns")].join("\n")].join("\n\n");
}

function describePlan({ plan }: Decision): string {
  if (plan === undefined) return "";
  const steps = plan.steps.slice(0, rowsMax).map(describeStep);
  const table = [
    "| step | service | to | after | if it fails |",
    "| --- | --- | --- | --- | --- |",
  ];
  const lines = [
    `Plan \`${plan.plan_id}\`: data loss ${plan.data_loss}, at most ${plan.rto_s} s.`,
    [...table, ...steps].join("\n"),
    ...rest(plan.steps.length, "steps"),
    ...plan.hazards.map(
      ({ after_step: after, why }) => `**After ${escape(after)}:** ${escape(why)}.`,
    ),
    ...plan.scope.excluded.map(({ service, why }) => `${escape(service)} stays: ${escape(why)}.`),
  ];
  return ["## How to go back", ...lines].join("\n\n");
}

function describeStep(step: PlanStep): string {
  const { id, service, to, depends_on: after, on_failure: fails, precondition } = step;
  const marks = [
    ...(step.point_of_no_return ? ["**point of no return**"] : []),
    ...precondition.map(escape),
  ];
  const name = [escape(id), ...marks].join("; ");
  return row([
    name,
    escape(service),
    to === undefined ? "" : escape(to),
    after.map(escape).join(", "),
    fails,
  ]);
}

function describeQuestion({ escalation }: Decision): string {
  if (escalation === undefined) return "";
  const options = escalation.options.map(({ choice, text }) => `- **${choice}**: ${escape(text)}`);
  return ["## What a human is asked", escape(escalation.question), options.join("\n")].join("\n\n");
}

function describeOrigin({ provenance }: Decision): string {
  const { decision_id: id, bundle, input_sha256: input } = provenance;
  const rows = [
    row(["decision", `\`${id}\``]),
    row(["bundle", `${escape(bundle.name)} \`${bundle.revision}\``]),
    row(["input", `\`${input}\``]),
  ];
  return ["## From what", ["| | |", "| --- | --- |", ...rows].join("\n")].join("\n\n");
}

function rest(count: number, what: string): string[] {
  return count <= rowsMax ? [] : [`And ${count - rowsMax} more ${what}.`];
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}

function value(given: unknown): string {
  return escape(typeof given === "string" ? given : JSON.stringify(given));
}

/**
 * Text as text: nothing of it is markup, at the start of a line, in a paragraph or in a cell of a
 * table. An address is no link either: whoever reads an account should see where one leads.
 */
function escape(text: string): string {
  return text
    .replaceAll(/[\\`*_{}[\]|~]/g, (character) => `\\${character}`)
    .replaceAll(/[<>&@]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replaceAll(/:(?=\/\/)/g, "&#58;")
    .replaceAll(/\b(www)\./gi, "$1&#46;")
    .replace(/^([-+#=]|\d+(?=[.)](\s|$)))/, (start) =>
      /\d/.test(start) ? `${start}\\` : `\\${start}`,
    );
}
