/**
 * @module Scripts of commands and what they must print, as plain text.
 *
 *     # a comment
 *     $ belay check pack            a command, run by bash; what follows, up to a blank line, is
 *     pack: nothing is wrong        its standard output,
 *     ! belay: no such folder       its standard error (`!`),
 *     [2]                           and its exit code (0 where none stands here)
 *     & belay serve                 a server: started, ready when it says where it listens, or, where
 *                                   it is no server, that it watches
 *     & wait is in force            until the server has printed this since the last `& wait`
 *     & stop                        ended with SIGTERM; what follows is all it printed
 *
 *     -- pack/data.yaml --          the files of the script, to the end
 *
 * Ids, digests, ports and the like stand by their kind: `<id>`, `<sha256>`, `<port>`.
 */

export type StepKind = "run" | "serve" | "wait" | "stop";

export interface Step {
  readonly kind: StepKind;
  /** The command; for `wait`, the text. */
  readonly text: string;
  readonly expected: string;
  /** Comments and blank lines before it, kept when the script is written anew. */
  readonly before: readonly string[];
}

export interface Script {
  readonly steps: readonly Step[];
  readonly files: readonly { readonly path: string; readonly text: string }[];
  /** The files as they stand in the script. */
  readonly archive: string;
}

const fileHeading = /^-- (\S+) --$/;

export function parseScript(text: string): Script {
  const lines = text.split("\n");
  const firstFile = lines.findIndex((line) => fileHeading.test(line));
  const end = firstFile === -1 ? lines.length : firstFile;
  const archive = lines.slice(end);
  return {
    steps: parseSteps(lines.slice(0, end)),
    files: parseFiles(archive),
    archive: archive.join("\n"),
  };
}

function parseSteps(lines: readonly string[]): readonly Step[] {
  const steps: Step[] = [];
  let before: string[] = [];
  let index = 0;
  while (index < lines.length) {
    const line = lines[index] ?? "";
    index += 1;
    const [, kind, text] = parseCommand(line);
    if (kind === undefined) {
      if (line !== "" && !line.startsWith("#"))
        throw new Error(`neither command nor comment: ${line}`);
      before.push(line);
      continue;
    }
    const expected: string[] = [];
    while (index < lines.length && !isEnd(lines, index)) expected.push(lines[index++] ?? "");
    steps.push({ kind, text: text ?? "", expected: expected.join("\n"), before });
    before = [];
  }
  return steps;
}

function parseCommand(line: string): readonly [string, StepKind?, string?] {
  if (line.startsWith("$ ")) return [line, "run", line.slice(2)];
  if (line === "& stop") return [line, "stop", ""];
  if (line.startsWith("& wait ")) return [line, "wait", line.slice("& wait ".length)];
  return line.startsWith("& ") ? [line, "serve", line.slice(2)] : [line];
}

/** Output may hold blank lines: it ends before a blank line that a command or comment follows. */
function isEnd(lines: readonly string[], index: number): boolean {
  if (parseCommand(lines[index] ?? "").length > 1) return true;
  if (lines[index] !== "") return false;
  const next = lines.slice(index).find((line) => line !== "");
  return next === undefined || next.startsWith("#") || parseCommand(next).length > 1;
}

function parseFiles(lines: readonly string[]): Script["files"] {
  const files: { path: string; text: string }[] = [];
  for (const line of lines) {
    const path = fileHeading.exec(line)?.[1];
    const last = files.at(-1);
    if (path !== undefined) files.push({ path, text: "" });
    else if (last !== undefined) last.text += `${line}\n`;
  }
  // A blank line before the next heading is for the eye.
  return files.map(({ path, text }) => ({ path, text: `${text.trimEnd()}\n` }));
}

/** The script with `outputs`, one a step, in place of what it expects. */
export function printScript(script: Script, outputs: readonly string[]): string {
  const steps = script.steps.flatMap(({ kind, text, before }, index) => {
    const output = outputs[index] ?? "";
    const command = { run: "$ ", serve: "& ", wait: "& wait ", stop: "& stop" }[kind] + text;
    return [...before, command, ...(output === "" ? [] : [output])];
  });
  return `${[...steps, ...(script.archive === "" ? [] : ["", script.archive])].join("\n").trimEnd()}\n`;
}

/** What a command printed, as a script writes it. */
export function printOutput(stdout: string, stderr: string, exitCode: number | null): string {
  const errors =
    stderr === ""
      ? []
      : stderr
          .trimEnd()
          .split("\n")
          .map((line) => `! ${line}`.trimEnd());
  const lines = [
    ...(stdout === "" ? [] : [withoutVolatile(stdout.trimEnd())]),
    ...(errors.length === 0 ? [] : [withoutVolatile(errors.join("\n"))]),
    ...(exitCode === 0 ? [] : [`[${exitCode ?? "killed"}]`]),
  ];
  return lines.join("\n");
}

const volatile: readonly (readonly [RegExp, string])[] = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, "<id>"],
  [/\b[0-9a-f]{64}\b/g, "<sha256>"],
  [/\b(?=[0-9a-f]*[0-9])[0-9a-f]{12}\b/g, "<revision>"],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\b/g, "<time>"],
  [/\b(?!1767)1[789]\d{11}\b/g, "<epoch ms>"],
  [/127\.0\.0\.1:\d+/g, "127.0.0.1:<port>"],
  [/\bin \d+\.\d\d s\b/g, "in <s> s"],
  [/"duration": \d+/g, '"duration": <ns>'],
  [/ time="[\d.]+"/g, ' time="<s>"'],
  [/\b\d+ bytes\b/g, "<n> bytes"],
  [/"(archive_)?bytes": \d+/g, '"$1bytes": <n>'],
  // Hundreds of kinds of line end in blanks that no editor keeps.
  [/[ \t]+$/gm, ""],
];

function withoutVolatile(text: string): string {
  return volatile.reduce((rest, [pattern, kind]) => rest.replaceAll(pattern, kind), text);
}
