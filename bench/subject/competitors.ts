/** @module The servers that are asked about one subject, started together, checked to agree. */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Answer } from "../../src/decision/answer.ts";
import type { Decision } from "../../src/decision/decision.ts";
import { checksMax } from "../../src/service/history/recorded-history.ts";
import { openSqliteRecordReader } from "../../src/store/sqlite/sqlite-record-reader.ts";
import type { EvaluatorChoice } from "./evaluator-choice.ts";
import { type Server, startBelay, startOpa } from "./server.ts";
import { ask, type Subject } from "./subject.ts";

export interface Competitor extends Server {
  readonly name: CompetitorName;
  /** Body of the question to it. */
  readonly bodyFile: string;
}

export type CompetitorName = "belay" | "opa-wasm" | "ceiling" | "opa";

const evaluators: Readonly<Record<Exclude<CompetitorName, "opa">, EvaluatorChoice>> = {
  belay: "shipped",
  "opa-wasm": "opa-wasm",
  ceiling: "canned",
};

export interface CompetitorOptions {
  /** Undefined where there is none: OPA is then left out. */
  readonly opaBinary: string | undefined;
  /** Undefined for what `belay serve` takes by itself. */
  readonly threads: number | undefined;
}

/**
 * All of them on `subject`, with an empty record in `folder`. OPA gets the normalised input that Belay
 * made of the request and has to answer what Belay concluded from it.
 */
export async function startCompetitors(
  subject: Subject,
  folder: string,
  options: CompetitorOptions,
): Promise<{ competitors: Competitor[]; inputBytes: number }> {
  mkdirSync(folder, { recursive: true });
  const competitors: Competitor[] = [];
  try {
    for (const name of ["belay", "opa-wasm", "ceiling"] as const) {
      const server = await startBelay({
        bundleFile: subject.bundleFile,
        recordFolder: join(folder, name),
        evaluator: evaluators[name],
        threads: options.threads,
      });
      competitors.push({ ...server, name, bodyFile: subject.requestFile });
    }
    const decisions = await askEach(competitors);
    const input = await readRecordedInput(join(folder, "belay"));
    if (options.opaBinary !== undefined) {
      const bodyFile = join(folder, "input.json");
      writeFileSync(bodyFile, `{"input":${input}}`);
      const server = await startOpa(options.opaBinary, subject.bundle, join(folder, "opa"));
      const opa: Competitor = { ...server, name: "opa", bodyFile };
      competitors.push(opa);
      const answer = JSON.parse(await ask(opa.port, opa.path, bodyFile)) as { result: Answer };
      decisions.push(conclusionOf(answer.result, answer.result.findings.length));
    }
    const [first, ...others] = decisions;
    if (others.some((other) => other !== first)) {
      throw new Error(`the servers disagree: ${decisions.join(" / ")}`);
    }
    return { competitors, inputBytes: Buffer.byteLength(input) };
  } catch (error) {
    await stopAll(competitors);
    throw error;
  }
}

export async function stopAll(competitors: readonly Competitor[]): Promise<void> {
  await Promise.all(competitors.map((competitor) => competitor.stop()));
}

/** Under load a decision is told of all checks it can be told of: so is the one whose input OPA gets. */
async function askEach(belays: readonly Competitor[]): Promise<string[]> {
  const conclusions: string[] = [];
  for (const { port, path, bodyFile } of belays) {
    for (let check = 0; check < checksMax; check += 1) await ask(port, path, bodyFile);
    const decision = JSON.parse(await ask(port, path, bodyFile)) as Decision;
    conclusions.push(conclusionOf(decision, decision.reasons.length));
  }
  return conclusions;
}

function conclusionOf({ verdict, code }: Pick<Decision, "verdict" | "code">, reasons: number) {
  return `${verdict} ${code}, ${String(reasons)} findings`;
}

async function readRecordedInput(recordFolder: string): Promise<string> {
  const reader = await openSqliteRecordReader({ directory: recordFolder });
  try {
    const [entry] = await reader.listEntries({ kind: "decision", limit: 1 });
    if (entry?.body === undefined) throw new Error("no decision is on record");
    return entry.body.input;
  } finally {
    await reader.close();
  }
}
