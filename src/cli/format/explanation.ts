/** @module An explanation as a person reads it: what fired, what did not and where it stopped. */

import type { ExplainedRule, Explanation } from "../../service/belay.ts";
import { plain, style } from "../terminal.ts";

export function explanationText(explanation: Explanation, withTrace: boolean): string {
  const { verdict, decision_id: id, summary, rules, absent, trace } = explanation;
  const fired = rules.filter((rule) => rule.fired);
  const others = rules.filter((rule) => !rule.fired);
  return [
    `${style("bold", verdict.toUpperCase())}  decision ${plain(id)}`,
    plain(summary),
    ...section("Fired", fired.map(ruleLine)),
    ...section("Did not fire", others.map(ruleLine)),
    ...section(
      "Read by a policy, absent from the request",
      absent.map((pointer) => `  ${plain(pointer)}`),
    ),
    ...(withTrace
      ? section(
          "Trace",
          trace.map((line) => `  ${plain(line)}`),
        )
      : []),
  ].join("\n");
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return ["", style("bold", title), ...(lines.length === 0 ? ["  (none)"] : lines)];
}

function ruleLine({
  policy,
  code,
  file,
  row,
  fired,
  stopped_at_row: stopped,
}: ExplainedRule): string {
  const place = `${file}:${row}`;
  const end = fired
    ? ""
    : stopped === undefined
      ? "ruled out before its first line"
      : `stopped at line ${stopped}`;
  return `  ${policy} ${code}  ${style("dim", place)}${end === "" ? "" : `  ${end}`}`;
}
