/** @module The mutation score as a person reads it: what no test noticed, then the score. */

import type { MutationSummary, TriedMutant } from "../../service/mutation.ts";
import { plain, style } from "../terminal.ts";

/** Source may span lines; of a piece of it, this much is shown. */
const sourceLengthMax = 100;

export function mutationReport(mutation: MutationSummary): string {
  const survivors = mutation.mutants.filter(({ outcome }) => outcome === "survived");
  return [...survivors.flatMap(describeSurvivor), scoreLine(mutation)].join("\n");
}

function describeSurvivor(mutant: TriedMutant): readonly string[] {
  const { file, row, col, operator, before, after, reachedBy } = mutant;
  const place = `${plain(file)}:${row}:${col}`;
  const note = reachedBy === 0 ? ", which no test reaches" : "";
  return [
    `${style("red", "SURVIVED")}  ${place}  ${operator}${note}`,
    `      - ${oneLine(before)}`,
    `      + ${oneLine(after)}`,
  ];
}

/** `score 92 % (276 of 300 killed), 3 did not compile` */
export function scoreLine({ score, killed, survived, stillborn }: MutationSummary): string {
  const left = stillborn === 0 ? "" : `, ${stillborn} did not compile`;
  return `score ${score} % (${killed} of ${killed + survived} killed)${left}`;
}

function oneLine(source: string): string {
  const line = plain(source.replaceAll(/\s+/g, " "));
  return line.length > sourceLengthMax ? `${line.slice(0, sourceLengthMax)}…` : line;
}
