/**
 * @module `npm run bench`: decisions per second over HTTP, Belay beside a real `opa run --server`.
 *
 * Both serve the same policies and data and are asked about the same input: OPA gets the normalised
 * input that Belay records, Belay the request it makes it from. OPA logs nothing; Belay answers only
 * what is durable. Rounds alternate, so that a machine that drifts drifts for both; medians are
 * printed. The load comes from this process, on the same machine.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import autocannon from "autocannon";
import { buildOpaBinary } from "../rego/toolchain/opa-binary.ts";
import { loadBundleFile } from "../src/compose.ts";

const { values: options } = parseArgs({
  options: {
    seconds: { type: "string", default: "5" },
    rounds: { type: "string", default: "3" },
    connections: { type: "string", default: "1,16,64" },
    json: { type: "boolean", default: false },
  },
});

interface Target {
  readonly name: string;
  readonly url: string;
  readonly body: string;
}

interface Round {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const root = fileURLToPath(new URL("..", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "belay-bench-"));
const children: ChildProcess[] = [];

function start(command: string, args: readonly string[]): ChildProcess {
  const child = spawn(command, args, { stdio: "ignore", cwd: root });
  children.push(child);
  return child;
}

async function untilReady(url: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${url} did not become ready`);
}

async function startBelay(request: string): Promise<Target> {
  const port = 18_282;
  start(process.execPath, [
    join(root, "src/cli/belay.ts"),
    "serve",
    "--port",
    String(port),
    "--data-dir",
    join(scratch, "record"),
  ]);
  const base = `http://127.0.0.1:${port}`;
  await untilReady(`${base}/readyz`);
  return { name: "belay (durable log)", url: `${base}/v1/decisions`, body: request };
}

/** OPA on the sources of the bundle that Belay decides with. Undefined where there is no Go. */
async function startOpa(input: string): Promise<Target | undefined> {
  const binary = await buildOpaBinary();
  if (binary === undefined) return undefined;
  const bundle = loadBundleFile();
  const folder = join(scratch, "opa");
  for (const file of bundle.sources.filter(({ path }) => !path.endsWith("_test.rego"))) {
    mkdirSync(dirname(join(folder, file.path)), { recursive: true });
    writeFileSync(join(folder, file.path), file.text);
  }
  writeFileSync(join(folder, "data.json"), JSON.stringify(bundle.data));
  const address = "127.0.0.1:18181";
  start(binary, ["run", "--server", "--addr", address, "--log-level", "error", "-b", folder]);
  await untilReady(`http://${address}/health`);
  const url = `http://${address}/v1/data/belay/decision/answer`;
  return { name: "opa run --server", url, body: `{"input":${input}}` };
}

async function measure(target: Target, connections: number, seconds: number): Promise<Round> {
  const result = await autocannon({
    url: target.url,
    method: "POST",
    headers: { "content-type": "application/json" },
    body: target.body,
    connections,
    duration: seconds,
  });
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${target.name}: ${result.non2xx} non-2xx, ${result.errors} errors`);
  }
  return {
    perSecond: result.requests.average,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

async function run(): Promise<void> {
  const request = readFileSync(join(root, "bench/request.json"), "utf8");
  const belay = await startBelay(request);
  const input = await recordedInput(belay.url, request);
  const opa = await startOpa(input);
  const targets = opa === undefined ? [belay] : [belay, opa];
  const seconds = Number(options.seconds);
  const bytes = Buffer.byteLength(request);
  console.log(
    `${cpus().length} cores (${cpus()[0]?.model}), Node ${process.version}; request of ${bytes} bytes; ${options.rounds} rounds of ${seconds} s, interleaved, medians`,
  );
  if (opa === undefined) console.log("opa: left out, there is no Go here to build it with");
  for (const target of targets) await measure(target, 16, 2);
  const rows = [];
  for (const connections of options.connections.split(",").map(Number)) {
    const rounds = new Map<Target, Round[]>(targets.map((target) => [target, []]));
    for (let round = 0; round < Number(options.rounds); round++) {
      for (const target of targets) {
        rounds.get(target)?.push(await measure(target, connections, seconds));
      }
    }
    for (const [target, list] of rounds) {
      rows.push({
        connections,
        server: target.name,
        "decisions/s": Math.round(median(list.map((r) => r.perSecond))),
        "p50 ms": median(list.map((r) => r.p50Ms)),
        "p99 ms": median(list.map((r) => r.p99Ms)),
      });
    }
  }
  if (options.json) console.log(JSON.stringify(rows));
  else console.table(rows);
}

/** The normalised input that Belay made of `request`, read back from its record. */
async function recordedInput(url: string, request: string): Promise<string> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: request,
  });
  if (!answer.ok) throw new Error(`belay answered ${answer.status}: ${await answer.text()}`);
  const { openSqliteRecordReader } = await import("../src/store/sqlite/sqlite-record-reader.ts");
  const reader = await openSqliteRecordReader({ directory: join(scratch, "record") });
  const [entry] = await reader.listEntries({ kind: "decision", limit: 1 });
  await reader.close();
  if (entry?.body === undefined) throw new Error("no decision is on record");
  return entry.body.input;
}

try {
  await run();
} finally {
  for (const child of children) child.kill();
  rmSync(scratch, { recursive: true, force: true });
}
