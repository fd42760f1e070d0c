/** @module A plan as a person reads it: the steps in order, what each waits for, and what to know. */

import type { Plan, PlanStep } from "../../decision/plan/plan-schema.ts";
import { plain } from "../terminal.ts";

/** Lines of a section, without its title. */
export function planLines({ steps, scope, hazards, data_loss, rpo_s }: Plan): readonly string[] {
  return [
    ...steps.flatMap((step, index) => stepLines(step, steps[index - 1]?.id)),
    ...hazards.map(({ after_step: from, until_step: until, why }) => {
      const end = until === undefined ? "" : ` until ${until}`;
      return `  bad after ${from}${end}: ${plain(why)}`;
    }),
    ...scope.excluded.map(({ service, why }) => `  stays: ${plain(service)}: ${plain(why)}`),
    ...(data_loss === "unknown" ? [] : [`  data loss: ${data_loss}${lossBound(rpo_s)}`]),
  ];
}

function lossBound(rpoS: number | undefined): string {
  return rpoS === undefined || rpoS === 0 ? "" : `, ${rpoS} s at most`;
}

/** What a step waits for is said where it is not just the step above. */
function stepLines(step: PlanStep, above: string | undefined): readonly string[] {
  const { id, from, to, depends_on: after, point_of_no_return: isFinal } = step;
  const move =
    to === undefined ? "" : `: ${from === undefined ? "" : `${plain(from)} `}-> ${plain(to)}`;
  const isNext =
    after.length === 0 ? above === undefined : after.length === 1 && after[0] === above;
  const start = after.length === 0 ? "at once" : `after ${after.join(", ")}`;
  const notes = [...(isFinal ? ["point of no return"] : []), ...(isNext ? [] : [start])];
  const tail = notes.length === 0 ? "" : `  (${notes.join("; ")})`;
  return [
    `  ${id}  ${plain(subjectOf(step))}${move}${tail}`,
    ...step.precondition.map((line) => `    ${plain(line)}`),
    ...(step.config ?? []).map(settingLine),
  ];
}

function settingLine({ key, from, to }: NonNullable<PlanStep["config"]>[number]): string {
  const shown = (side: string | undefined) => (side === undefined ? "(not set)" : plain(side));
  return `    ${plain(key)}: ${shown(from)} -> ${shown(to)}`;
}

function subjectOf(step: PlanStep): string {
  for (const kind of ["flag", "migration", "queue", "cache", "compensation"] as const) {
    const name = step[kind];
    if (name !== undefined) return `${step.service} ${kind} ${name}`;
  }
  return step.service;
}
