/** @module `belay test --mutate`: tries the mutants of folders and judges their score. */

import { BelayError } from "../base/errors.ts";
import type { Author } from "../service/author.ts";
import { summariseMutants, type TriedMutant } from "../service/mutation.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { mutationReport } from "./format/mutation-report.ts";
import { acceptChecked } from "./pack-refused.ts";
import { shownMutants } from "./shown-path.ts";
import { print, printError, printJson, withProgress } from "./terminal.ts";

export interface MutationOptions {
  readonly format: string;
  readonly mutate?: boolean;
  readonly mutationThreshold?: number;
}

export function wantsMutants({ mutate, mutationThreshold }: MutationOptions): boolean {
  return mutate === true || mutationThreshold !== undefined;
}

/** Before any work: a score has no form but these two. */
export function checkMutationFormat(options: MutationOptions): void {
  if (!wantsMutants(options) || ["pretty", "json"].includes(options.format)) return;
  throw new BelayError(
    "usage",
    `\`--mutate\` prints \`pretty\` or \`json\`, not \`${options.format}\``,
  );
}

export async function mutatePolicies(
  author: Author,
  folders: readonly string[],
  { format, mutationThreshold }: MutationOptions,
): Promise<ExitCode> {
  const tried: TriedMutant[] = [];
  for (const folder of folders) {
    const mutation = await withProgress(`changing ${folder}`, (progress) =>
      author.mutate(folder, (triedCount, mutantCount) =>
        progress.update(`changing ${folder}: ${triedCount} of ${mutantCount} mutants tried`),
      ),
    );
    tried.push(...shownMutants(folder, acceptChecked(folder, mutation)));
  }
  const mutation = summariseMutants(tried);
  if (format === "json") printJson(mutation);
  else print(mutationReport(mutation));
  if (mutation.killed + mutation.survived === 0) {
    printError("belay: there is nothing to change");
    return exitCode.no;
  }
  if (mutationThreshold === undefined || mutation.score >= mutationThreshold) return exitCode.done;
  printError(
    `belay: the mutation score is ${mutation.score} %, the threshold ${mutationThreshold} %`,
  );
  return exitCode.no;
}
