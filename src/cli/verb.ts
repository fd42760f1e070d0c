/** @module How every verb is declared: a purpose, its options, examples and exit codes in its help. */

import { Argument, Command, type CommanderError, InvalidArgumentError, Option } from "commander";
import { BelayError } from "../base/errors.ts";
import type { ExitCode } from "./exit-code.ts";

export interface VerbText {
  readonly name: string;
  /** One sentence; also the line in the list of verbs. */
  readonly purpose: string;
  /** What the options do not say; lines of at most 100 characters. */
  readonly notes?: readonly string[];
  readonly examples: readonly { readonly line: string; readonly says: string }[];
  /** What each exit code means for this verb. */
  readonly exits: Partial<Readonly<Record<ExitCode, string>>>;
}

export function createVerb(text: VerbText): Command {
  const verb = configure(new Command(text.name).description(text.purpose));
  const exits = Object.entries(text.exits).map(([code, meaning]) => `  ${code}  ${meaning}`);
  const examples = text.examples.map(({ line, says }) => `  $ ${line}\n      ${says}`);
  const notes = text.notes === undefined ? [] : ["", ...text.notes];
  return verb.addHelpText(
    "after",
    [...notes, "", "Examples:", ...examples, "", "Exit codes:", ...exits].join("\n"),
  );
}

/** Settings that commander does not hand down to commands made apart. */
export function configure(command: Command): Command {
  return command
    .helpOption("-h, --help", "show this help")
    .helpCommand(false)
    .configureHelp({ helpWidth: 100, subcommandTerm: usageOf })
    .configureOutput({ outputError: () => undefined })
    .exitOverride((error) => {
      throw asBelayError(error, command);
    });
}

/**
 * Makes an action of a function that gives the exit code. Commander keeps the promise, so what is
 * thrown reaches the entry.
 */
export function run<A extends readonly unknown[]>(
  work: (...args: A) => Promise<ExitCode>,
): (...args: A) => Promise<void> {
  return async (...args) => {
    process.exitCode = await work(...args);
  };
}

function asBelayError(error: CommanderError, command: Command): Error {
  // Help and version were asked for and are on standard output: no error.
  if (error.exitCode === 0 || error.code === "commander.help") return error;
  const [first = "", ...rest] = error.message.replace(/^error: /, "").split("\n");
  const suggestion = /\(Did you mean (.*)\?\)/.exec(rest.join(" "))?.[1];
  const meant = suggestion === undefined ? "" : `; did you mean ${suggestion}?`;
  const path = pathOf(command);
  const message = first
    .replaceAll("'", "`")
    .replace(/\.$/, "")
    .replace(/\. (\w)/, (_, letter: string) => `: ${letter.toLowerCase()}`);
  return new BelayError("usage", `${message}${meant} (\`${path} --help\` tells more)`);
}

/** A verb as the list of verbs shows it: without `[options]`, which all have, with its sub-verbs. */
function usageOf(verb: Command): string {
  const words = verb.registeredArguments.map((argument) => {
    const name = argument.variadic ? `${argument.name()}...` : argument.name();
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  return [verb.name(), ...verb.commands.map((command) => command.name()), ...words].join(" ");
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

export function packArgument(): Argument {
  return new Argument("[pack]", "folder of the pack");
}

export function packOption(): Option {
  return new Option("-d, --data <pack>", "the same, as OPA writes it");
}

/** The one folder that was named, as the argument or by `-d`. */
export function packFolder(argument: string | undefined, option: string | undefined): string {
  const folder = argument ?? option;
  if (folder === undefined) throw new BelayError("usage", "name the folder of the pack");
  if (argument !== undefined && option !== undefined && argument !== option) {
    throw new BelayError("usage", `name one pack, not \`${argument}\` and \`${option}\``);
  }
  return folder;
}

/** `-f, --format`; the first of `formats` is the default. */
export function formatOption(...formats: readonly [string, ...string[]]): Option {
  return new Option("-f, --format <format>", "how to print the result")
    .choices(formats)
    .default(formats[0]);
}

export function jsonOption(): Option {
  return new Option("--json", "short for `--format json`").implies({ format: "json" });
}

/** Whether the command line asks for JSON, known before and even if it cannot be parsed. */
export function wantsJson(argv: readonly string[]): boolean {
  return argv.some(
    (word, index) =>
      word === "--json" ||
      /^(-f=?|--format=)json$/.test(word) ||
      (word === "json" && ["-f", "--format"].includes(argv[index - 1] ?? "")),
  );
}

export function dataDirectoryOption(): Option {
  return new Option("--data-dir <folder>", "folder of the record").default(".belay");
}

/** Parsers of an option's value. */
export function percentage(text: string): number {
  const number = /^\d{1,3}(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (number <= 100) return number;
  throw new InvalidArgumentError("must be a number from 0 to 100");
}

export function portNumber(text: string): number {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (number <= 65_535) return number;
  throw new InvalidArgumentError("must be a whole number from 0 to 65535");
}
