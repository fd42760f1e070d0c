/** @module `belay log`: the record itself. */

import { Command } from "commander";
import { BelayError } from "../../base/errors.ts";
import type { Verification } from "../../log/verify.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { count } from "../format/count.ts";
import { reportError } from "../report-error.ts";
import { plain, print, printError, printJson, withProgress } from "../terminal.ts";
import {
  configure,
  createVerb,
  dataDirectoryOption,
  formatOption,
  jsonOption,
  run,
} from "../verb.ts";

interface VerifyOptions {
  readonly dataDir: string;
  readonly format: string;
}

const verifyVerb = createVerb({
  name: "verify",
  purpose: "verify a whole record: every entry, every tree head, every body",
  notes: [
    "Opens the record for reading only; a server may write it meanwhile. What it cannot see is a",
    "record cut back to an earlier state of its own: compare with a root kept elsewhere.",
  ],
  examples: [
    { line: "belay log verify", says: "the record in `.belay`" },
    { line: "belay log verify --data-dir /var/lib/belay --json", says: "for a program" },
  ],
  exits: {
    0: "the record verifies",
    1: "it does not; every problem is named",
    2: "there is no record, or it cannot be read",
    3: "Belay failed",
  },
})
  .addOption(dataDirectoryOption())
  .addOption(formatOption("pretty", "json"))
  .addOption(jsonOption())
  .action(run(verify));

export const logVerb = configure(
  new Command("log").description("verify the record of decisions, publications and promotions"),
).addCommand(verifyVerb);

async function verify({ dataDir, format }: VerifyOptions): Promise<ExitCode> {
  const { verifyRecordIn } = await import("../../compose.ts");
  const json = format === "json";
  try {
    const verification = await withProgress(`verifying ${dataDir}`, (progress) =>
      verifyRecordIn(dataDir, (entries, treeSize) =>
        progress.update(`verifying ${dataDir}: ${entries} of ${treeSize} entries`),
      ),
    );
    if (json) printJson(verification);
    else report(verification);
    return verification.ok ? exitCode.done : exitCode.no;
  } catch (error) {
    // So broken that it cannot even be read: that, too, is the answer no.
    if (!(error instanceof BelayError) || error.code !== "log-corrupt") throw error;
    reportError(error, { json });
    return exitCode.no;
  }
}

function report(verification: Verification): void {
  const { tree_size: treeSize, root_sha256: root, entries } = verification;
  const { bodies_checked: checked, bodies_erased: erased } = verification;
  if (!verification.ok) {
    const { problems, problem_count: total } = verification;
    printError(`belay: the record does not verify: ${count(total, "problem")}`);
    for (const { leaf_index: index, what } of problems) {
      printError(plain(index === undefined ? what : `entry ${index}: ${what}`));
    }
    if (total > problems.length) printError(`(${total - problems.length} more)`);
  }
  print(`tree size  ${treeSize}`);
  print(`root       ${root}`);
  const bodies = `${count(checked, "body", "bodies")} (${erased} erased)`;
  print(`checked    ${count(entries, "entry", "entries")}, ${bodies}`);
  if (verification.ok) print("the record verifies");
}
