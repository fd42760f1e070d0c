/** @module A plan under way as a person reads it: its steps, who has agreed, what may come next. */

import type { RollbackState } from "../../service/rollback/rollback-state.ts";
import { plain, style } from "../terminal.ts";
import { tableLines } from "./table.ts";

export function rollbackText(state: RollbackState): string {
  const { resolved, verified } = state;
  return [
    `${style(["bold"], state.state.toUpperCase())}  ${state.plan_id ?? "no plan"}`,
    ...(state.why === undefined ? [] : [`Halted: ${plain(state.why)}`]),
    ...(state.steps.length === 0
      ? []
      : ["", ...tableLines(["step", "state", "try", "when"], state.steps.map(stepRow))]),
    "",
    `Next: ${state.next.length === 0 ? "nothing" : state.next.map(plain).join(", ")}`,
    ...agreementLines(resolved),
    ...(verified === undefined ? [] : [`Verified: ${verified.outcome} (${verified.at})`]),
    ...(state.escalates ? ["A human has to be called."] : []),
  ].join("\n");
}

function stepRow(step: RollbackState["steps"][number]): string[] {
  const { id, state, attempt, waits_for: waitsFor, not_before_ms: notBefore } = step;
  const after =
    waitsFor !== undefined
      ? `after ${waitsFor.map(plain).join(", ")}`
      : notBefore === undefined
        ? ""
        : `not before ${new Date(notBefore).toISOString()}`;
  return [plain(id), state, String(attempt), after];
}

function agreementLines({ choice, by, missing, break_glass: broken }: RollbackState["resolved"]) {
  if (choice === undefined) return by.length === 0 ? [] : [`Answered: ${names(by)}; ${missing}`];
  const how = broken ? ", breaking the glass" : "";
  return [`Answered: ${choice}, by ${names(by)}${how}`];
}

function names(by: readonly string[]): string {
  return by.map(plain).join(", ");
}
