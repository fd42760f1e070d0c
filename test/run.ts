/**
 * @module `node test/run.ts [GATE…]`: runs gates, the quiet ones two at a time, all of them unless some are
 * named, and ends with one line that adds up everything: `N passed, N failed`.
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { type Count, type Gate, gates, judge, namedGates } from "./gates.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const inColour = process.stdout.isTTY && process.env["CI"] === undefined;

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function paint(code: number, text: string): string {
  return inColour ? `\u001B[${code}m${text}\u001B[0m` : text;
}

/** Runs one gate's command without standard input; gives its exit code and all it printed. */
async function runCommand(gate: Gate): Promise<{ exitCode: number; output: string }> {
  const [program = "", ...args] = gate.command;
  const child = spawn(program, args, {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      PATH: `${root}node_modules/.bin${delimiter}${process.env["PATH"] ?? ""}`,
      ...(inColour ? { FORCE_COLOR: "1" } : { NO_COLOR: "1" }),
    },
  });
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      chunks.push(chunk);
      if (gate.live) process.stdout.write(chunk);
    });
  }
  try {
    const [exitCode] = (await once(child, "close")) as [number | null];
    return { exitCode: exitCode ?? 1, output: chunks.join("") };
  } catch (error) {
    return { exitCode: 1, output: `cannot run \`${program}\`: ${String(error)}` };
  }
}

function withoutLines(output: string, pattern: RegExp | undefined): string {
  const lines = output.trimEnd().split("\n");
  return lines.filter((line) => pattern?.test(line) !== true).join("\n");
}

async function runGate(gate: Gate): Promise<Count> {
  const title = paint(1, `\n== ${gate.name}: ${gate.command.join(" ")}`);
  if (gate.live) print(title);
  const startMs = performance.now();
  const { exitCode, output } = await runCommand(gate);
  const { count, ok } = judge(gate, exitCode, stripVTControlCharacters(output));
  if (!gate.live) print(title);
  if (!ok && !gate.live) print(withoutLines(output, gate.uninteresting));
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  const seen = count.seen ?? "saw nothing, which proves nothing";
  print(`${ok ? paint(32, "ok") : paint(31, "FAILED")} ${gate.name}: ${seen}, ${seconds} s`);
  return count;
}

const names = process.argv.slice(2);
const known = [...gates, ...namedGates];
const unknown = names.find((name) => !known.some((gate) => gate.name === name));
if (unknown !== undefined) {
  process.stderr.write(`no gate \`${unknown}\`: ${known.map(({ name }) => name).join(", ")}\n`);
  process.exit(2);
}

const total = { passed: 0, failed: 0 };
const failedGates: string[] = [];
const selected = names.length === 0 ? gates : known.filter(({ name }) => names.includes(name));

async function runOneAfterTheOther(waiting: Gate[]): Promise<void> {
  for (let gate = waiting.shift(); gate !== undefined; gate = waiting.shift()) {
    const count = await runGate(gate);
    total.passed += count.passed;
    total.failed += count.failed;
    if (count.failed > 0) failedGates.push(gate.name);
  }
}

// A quiet gate keeps about one core busy, a live one all there are.
const quiet = selected.filter((gate) => gate.live !== true);
await Promise.all([runOneAfterTheOther(quiet), runOneAfterTheOther(quiet)]);
await runOneAfterTheOther(selected.filter((gate) => gate.live));

if (failedGates.length > 0) print(`\nfailed: ${failedGates.join(", ")}`);
print(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
