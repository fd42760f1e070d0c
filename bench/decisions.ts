/**
 * @module `npm run bench`: decisions over HTTP. Belay with its durable record is asked beside a stock
 * `opa run --server` that logs nothing, beside itself on npm's host for OPA's modules, and beside
 * itself evaluating nothing, which is the ceiling.
 *
 * All get the same policies and the same question on the same machine; OPA gets the normalised input
 * that Belay makes of the request and records. Load comes from a process of its own.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readLock, toolchain } from "../rego/toolchain/lock.ts";
import { buildOpaBinary } from "../rego/toolchain/opa-binary.ts";
import { type Measured, measureInRounds, median } from "./load/rounds.ts";
import { describeMachine, type Format, figure, printRows, type Row } from "./report.ts";
import { type CompetitorName, startCompetitors, stopAll } from "./subject/competitors.ts";
import { defaultSubject, generateSubjects, type Subject } from "./subject/subject.ts";

const { values: options } = parseArgs({
  options: {
    rules: { type: "string", default: "default,3,30,300" },
    "input-kb": { type: "string", default: "1,5,100" },
    connections: { type: "string", default: "1,16,256" },
    rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "1.5" },
    // A server compiles what it runs while it runs it; a second after its start it is half as fast.
    "warm-up": { type: "string", default: "5" },
    threads: { type: "string" },
    quick: { type: "boolean", default: false },
    markdown: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});

/** What takes two minutes: one question in the middle of each range. */
const quick = { rules: "default,3", "input-kb": "5", connections: "16", rounds: "3", seconds: "2" };
const plan = options.quick ? { ...options, ...quick } : options;
const format: Format = options.json ? "json" : options.markdown ? "markdown" : "table";

interface Cell {
  readonly subject: Subject;
  readonly inputBytes: number;
  readonly connections: number;
  readonly measured: ReadonlyMap<CompetitorName, Measured>;
}

async function collectSubjects(folder: string): Promise<Subject[]> {
  const subjects: Subject[] = [];
  const sizes = plan["input-kb"].split(",").map((kb) => Number(kb) * 1_000);
  for (const rules of plan.rules.split(",")) {
    if (rules === "default") subjects.push(defaultSubject(folder));
    else subjects.push(...(await generateSubjects(folder, Number(rules), sizes)));
  }
  return subjects;
}

async function measureSubject(
  subject: Subject,
  folder: string,
  opaBinary: string | undefined,
): Promise<Cell[]> {
  const threads = plan.threads === undefined ? undefined : Number(plan.threads);
  const started = await startCompetitors(subject, folder, { opaBinary, threads });
  const { competitors, inputBytes } = started;
  try {
    const cells: Cell[] = [];
    for (const connections of plan.connections.split(",").map(Number)) {
      const results = await measureInRounds(competitors, {
        connections,
        rounds: Number(plan.rounds),
        seconds: Number(plan.seconds),
        warmUpSeconds: Number(plan["warm-up"]),
      });
      const measured = new Map(
        competitors.map(({ name }, index) => [name, results[index] as Measured]),
      );
      cells.push({ subject, inputBytes, connections, measured });
      const perSecond = [...measured].map(([name, m]) => `${name} ${figure(m.perSecond)}/s`);
      console.error(
        `${subject.policies}, ${figure(inputBytes / 1_000)} KB, ${String(connections)} connections: ${perSecond.join(", ")}`,
      );
    }
    return cells;
  } finally {
    await stopAll(competitors);
  }
}

function rowOf({ subject, inputBytes, connections, measured }: Cell): Row {
  const belay = measured.get("belay");
  const opa = measured.get("opa");
  const perSecond = (name: CompetitorName) => measured.get(name)?.perSecond ?? Number.NaN;
  return {
    policies: subject.policies,
    "input KB": figure(inputBytes / 1_000),
    connections,
    "Belay /s": figure(perSecond("belay")),
    "OPA /s": figure(perSecond("opa")),
    "npm host /s": figure(perSecond("opa-wasm")),
    "no evaluation /s": figure(perSecond("ceiling")),
    "times OPA": figure(perSecond("belay") / perSecond("opa")),
    "of the ceiling": figure(perSecond("belay") / perSecond("ceiling")),
    "p50 ms": figure(belay?.p50Ms ?? Number.NaN),
    "p99 ms": figure(belay?.p99Ms ?? Number.NaN),
    "OPA p50 ms": figure(opa?.p50Ms ?? Number.NaN),
    "OPA p99 ms": figure(opa?.p99Ms ?? Number.NaN),
    "p99 of OPA's": figure((belay?.p99Ms ?? Number.NaN) / (opa?.p99Ms ?? Number.NaN)),
    "CPU us": figure(belay?.serverUsPerAnswer ?? Number.NaN),
    "OPA CPU us": figure(opa?.serverUsPerAnswer ?? Number.NaN),
    "RSS MB": figure(belay?.residentMb ?? Number.NaN),
  };
}

function summarise(cells: readonly Cell[]): string[] {
  const ratios = (of: (cell: Cell) => number) => cells.map(of).filter(Number.isFinite);
  const perSecond = ({ measured }: Cell, name: CompetitorName) =>
    measured.get(name)?.perSecond ?? Number.NaN;
  const p99 = ({ measured }: Cell, name: CompetitorName) => measured.get(name)?.p99Ms ?? Number.NaN;
  const rate = ratios((cell) => perSecond(cell, "belay") / perSecond(cell, "opa"));
  const slowest = ratios((cell) => p99(cell, "belay") / p99(cell, "opa"));
  const ceiling = ratios((cell) => perSecond(cell, "belay") / perSecond(cell, "ceiling"));
  const cpu = ratios(
    ({ measured }) =>
      (measured.get("opa")?.serverUsPerAnswer ?? Number.NaN) /
      (measured.get("belay")?.serverUsPerAnswer ?? Number.NaN),
  );
  const most = Math.max(...cells.map(({ measured }) => measured.get("belay")?.residentMb ?? 0));
  return [
    `times OPA's decisions/s: median ${figure(median(rate))}, least ${figure(Math.min(...rate))}`,
    `p99 as a part of OPA's: median ${figure(median(slowest))}, most ${figure(Math.max(...slowest))}`,
    `of the ceiling: median ${figure(median(ceiling))}, least ${figure(Math.min(...ceiling))}`,
    `OPA's CPU time for a decision beside Belay's: median ${figure(median(cpu))} times, least ${figure(Math.min(...cpu))}`,
    `resident memory of Belay under load: at most ${figure(most)} MB`,
  ];
}

const folder = mkdtempSync(join(tmpdir(), "belay-bench-"));
try {
  const opaBinary = await buildOpaBinary();
  const opaVersion = opaBinary === undefined ? undefined : readLock(toolchain).opa;
  if (opaBinary === undefined) console.error("OPA is left out: there is no Go to build it with");
  const cells: Cell[] = [];
  for (const [index, subject] of (await collectSubjects(folder)).entries()) {
    const own = join(folder, String(index));
    cells.push(...(await measureSubject(subject, own, opaBinary)));
    rmSync(own, { recursive: true });
  }
  console.log(
    `${describeMachine(opaVersion)}; ${plan.rounds} rounds of ${plan.seconds} s, interleaved, medians`,
  );
  printRows(cells.map(rowOf), format);
  for (const line of summarise(cells)) console.log(line);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
// The toolchain that compiled the packs is still resident.
process.exit();
