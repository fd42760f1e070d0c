/** @module `belay build`: a pack as a bundle, the same bytes every time. */

import { type ExitCode, exitCode } from "../exit-code.ts";
import { acceptChecked } from "../pack-refused.ts";
import { print, printJson, withProgress } from "../terminal.ts";
import {
  createVerb,
  formatOption,
  jsonOption,
  packArgument,
  packFolder,
  packOption,
  run,
} from "../verb.ts";
import { writeWhole } from "../written-file.ts";

interface BuildOptions {
  readonly data?: string;
  readonly output: string;
  readonly format: string;
}

export const buildVerb = createVerb({
  name: "build",
  purpose: "compile a pack to a bundle that Belay and OPA can load",
  notes: [
    "The same pack gives the same bytes on every machine. Tests are not run: that is `belay test`.",
  ],
  examples: [
    { line: "belay build policies -o b.tar.gz", says: "compile, and print name and revision" },
    { line: "belay decide -i request.json -b b.tar.gz", says: "decide with it" },
  ],
  exits: {
    0: "the bundle is written",
    2: "the pack does not check, or a file cannot be read or written",
    3: "the toolchain failed",
  },
})
  .addArgument(packArgument())
  .addOption(packOption())
  .requiredOption("-o, --output <file>", "where to write the bundle")
  .addOption(formatOption("pretty", "json"))
  .addOption(jsonOption())
  .action(run(build));

async function build(argument: string | undefined, options: BuildOptions): Promise<ExitCode> {
  const folder = packFolder(argument, options.data);
  const { composeAuthor } = await import("../../compose.ts");
  const built = await withProgress(`compiling ${folder}`, () => composeAuthor().build(folder));
  const { name, revision, sha256, archive } = acceptChecked(folder, built).bundle;
  writeWhole(options.output, archive);
  const summary = { file: options.output, name, revision, sha256, bytes: archive.length };
  if (options.format === "json") printJson(summary);
  else {
    print(`${options.output}: ${name}, ${archive.length} bytes`);
    print(`revision ${revision}`);
    print(`sha256   ${sha256}`);
  }
  return exitCode.done;
}
