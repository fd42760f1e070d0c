/** @module `belay fmt`: Rego in OPA's canonical form. */

import { writeFileSync } from "node:fs";
import { diff } from "node:util";
import { BelayError } from "../../base/errors.ts";
import type { FormattedFile } from "../../service/author.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { count } from "../format/count.ts";
import { acceptChecked } from "../pack-refused.ts";
import { shownPath } from "../shown-path.ts";
import { plain, print, printError, style, withProgress } from "../terminal.ts";
import { createVerb, packArgument, packFolder, packOption, run } from "../verb.ts";

interface FmtOptions {
  readonly data?: string;
  readonly check?: boolean;
  readonly diff?: boolean;
}

export const fmtVerb = createVerb({
  name: "fmt",
  purpose: "format the Rego of a pack, or one file, as OPA does",
  notes: ["Prints the name of every file that changes. Takes a `.rego` file as well as a folder."],
  examples: [
    { line: "belay fmt policies", says: "format every file below `policies` in place" },
    {
      line: "belay fmt policies --check",
      says: "write nothing; fail where something would change",
    },
    {
      line: "belay fmt policies/slo_burn/policy.rego --diff",
      says: "write nothing; show the change",
    },
  ],
  exits: {
    0: "everything is formatted now; with --check, was formatted",
    1: "with --check: a file is not formatted",
    2: "a file cannot be read or does not parse",
    3: "the toolchain failed",
  },
})
  .addArgument(packArgument())
  .addOption(packOption())
  .option("--check", "write nothing, and fail where a file is not formatted")
  .option("--diff", "write nothing, and show what would change")
  .action(run(fmt));

async function fmt(argument: string | undefined, options: FmtOptions): Promise<ExitCode> {
  const path = packFolder(argument, options.data);
  const { composeAuthor } = await import("../../compose.ts");
  const formatted = await withProgress(`formatting ${path}`, () => composeAuthor().format(path));
  const { files } = acceptChecked(path, formatted);
  if (files.length === 0) throw new BelayError("usage", `\`${path}\` holds no Rego file`);
  const changed = files.filter((file) => file.text !== file.before);
  for (const file of changed) {
    const name = shownPath(path, file.path);
    if (options.diff === true) print(describeChange(name, file));
    else print(plain(name));
    if (options.diff !== true && options.check !== true) write(name, file.text);
  }
  if (options.check !== true || changed.length === 0) return exitCode.done;
  printError(`belay: ${count(changed.length, "file")} of ${files.length} not formatted`);
  return exitCode.no;
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (cause) {
    throw new BelayError("file-unreadable", `the file \`${path}\` cannot be written`, { cause });
  }
}

const contextLines = 3;

/** Changed lines with a few around them, each with its row in the file before. */
function describeChange(name: string, { before, text }: FormattedFile): string {
  // Node calls a line that only its first argument has an insertion.
  const entries = removedFirst(diff(text.split("\n"), before.split("\n")));
  const isNear = (index: number): boolean =>
    entries
      .slice(Math.max(0, index - contextLines), index + contextLines + 1)
      .some(([operation]) => operation !== 0);
  const lines = [style("bold", plain(name))];
  let row = 0;
  let wasNear = true;
  entries.forEach(([operation, line], index) => {
    if (operation !== 1) row += 1;
    const near = isNear(index);
    if (near && !wasNear) lines.push(style("dim", "  …"));
    wasNear = near;
    if (!near) return;
    const at = operation === 1 ? "" : String(row);
    if (operation === 0) lines.push(`${at.padStart(5)}   ${plain(line)}`);
    else if (operation === 1) lines.push(style("green", `${at.padStart(5)} + ${plain(line)}`));
    else lines.push(style("red", `${at.padStart(5)} - ${plain(line)}`));
  });
  return lines.join("\n");
}

type Entry = ReturnType<typeof diff>[number];

/** Of each change, the lines that go before the lines that come. */
function removedFirst(entries: readonly Entry[]): readonly Entry[] {
  const ordered: Entry[] = [];
  let added: Entry[] = [];
  for (const entry of entries) {
    if (entry[0] === 1) added.push(entry);
    else if (entry[0] === -1) ordered.push(entry);
    else {
      ordered.push(...added, entry);
      added = [];
    }
  }
  return [...ordered, ...added];
}
