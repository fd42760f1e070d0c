/**
 * @module `node bench/log-size.ts`: does deciding get slower as the record grows? Two servers, one on
 * an empty record and one on a record of a million entries, are asked the same in turn. The long one
 * is filled beforehand through the writer that every decision goes through.
 */

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openSqliteRecordStore } from "../src/store/sqlite/sqlite-record-store.ts";
import { decisionAppend } from "../test/contract/appends.ts";
import { measureInRounds, median } from "./load/rounds.ts";
import { describeMachine, type Format, figure, printRows } from "./report.ts";
import { type Server, startBelay } from "./subject/server.ts";
import { defaultSubject } from "./subject/subject.ts";

const { values: options } = parseArgs({
  options: {
    entries: { type: "string", default: "1000000" },
    connections: { type: "string", default: "16" },
    rounds: { type: "string", default: "9" },
    seconds: { type: "string", default: "3" },
    /** Where the records are made, so that the right disk is measured. */
    folder: { type: "string", default: tmpdir() },
    markdown: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const format: Format = options.json ? "json" : options.markdown ? "markdown" : "table";
const warmUpSeconds = 3;

/** Appends under way at one time: enough for long group commits. */
const inFlight = 2_000;

/** Makes a record of `entryCount` decisions whose bodies are small. */
async function fillRecord(directory: string, entryCount: number): Promise<void> {
  const store = await openSqliteRecordStore({ directory });
  const startMs = performance.now();
  for (let filled = 0; filled < entryCount; filled += inFlight) {
    const count = Math.min(inFlight, entryCount - filled);
    await Promise.all(Array.from({ length: count }, () => store.append(decisionAppend())));
  }
  await store.close();
  const seconds = (performance.now() - startMs) / 1_000;
  console.error(`filled ${figure(entryCount)} entries in ${figure(seconds)} s`);
}

const folder = mkdtempSync(join(options.folder, "belay-bench-"));
const servers: Server[] = [];
try {
  const subject = defaultSubject(folder);
  const names = ["empty", "long"] as const;
  for (const name of names) mkdirSync(join(folder, name));
  await fillRecord(join(folder, "long"), Number(options.entries));
  for (const name of names) {
    servers.push(await startBelay({ recordFolder: join(folder, name), evaluator: "shipped" }));
  }
  const loaded = servers.map((server) => ({ ...server, bodyFile: subject.requestFile }));
  const measured = await measureInRounds(loaded, {
    connections: Number(options.connections),
    rounds: Number(options.rounds),
    seconds: Number(options.seconds),
    warmUpSeconds,
  });
  console.log(
    `${describeMachine(undefined)}; ${options.rounds} rounds of ${options.seconds} s, interleaved, medians`,
  );
  const rows = measured.map(({ perSecond, p50Ms, p99Ms, residentMb }, index) => ({
    "entries before": index === 0 ? "0" : figure(Number(options.entries)),
    "decisions/s": figure(perSecond),
    "p50 ms": figure(p50Ms),
    "p99 ms": figure(p99Ms),
    "RSS MB": figure(residentMb),
  }));
  printRows(rows, format);
  const [empty = [], long = []] = measured.map(({ perSecondOfRounds }) => perSecondOfRounds);
  const ratios = long.map((perSecond, round) => perSecond / (empty[round] ?? Number.NaN));
  console.log(
    `long beside empty, median of the rounds: ${figure(median(ratios) * 100)} % of the decisions/s`,
  );
} finally {
  await Promise.all(servers.map((server) => server.stop()));
  rmSync(folder, { recursive: true, force: true });
}
