/**
 * @module Requests made to hurt, among good ones, asked of a server of two threads: policies that do
 * not end, that take all the memory they get, patterns made to backtrack, and bodies of 10 MB.
 */

import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Decision } from "../../src/decision/decision.ts";
import { healthyRequest } from "../http/requests.ts";
import { ask } from "./fresh-request.ts";
import { belayCommand, type ServerProcess, startServer } from "./server-process.ts";

const run = promisify(execFile);

const policy = `package belay.policies.hostile

finding contains {"code": "SPIN", "kind": "note", "severity": "info", "message": "came through", "evidence": []} if {
	input.ext.attack == "spin"
	count([1 | some a in numbers.range(1, 5000); some b in numbers.range(1, 5000); a == b + 9000]) > 0
}

finding contains {"code": "GROW", "kind": "note", "severity": "info", "message": "came through", "evidence": []} if {
	input.ext.attack == "grow"
	count([text | some a in numbers.range(1, 5000); text := concat("", [input.ext.text, format_int(a, 10)])]) > 0
}

finding contains {"code": "PATTERN", "kind": "note", "severity": "info", "message": "came through", "evidence": []} if {
	input.ext.attack == "pattern"
	regex.match(input.ext.pattern, input.ext.text)
	regex.replace(input.ext.text, input.ext.pattern, input.ext.text) != ""
}
`;

interface Attack {
  readonly attack: string;
  readonly pattern?: string;
  readonly text?: string;
}

const attacks: readonly Attack[] = [
  { attack: "spin" },
  { attack: "grow", text: "x".repeat(20_000) },
  { attack: "pattern", pattern: "(x+x+)+y", text: "x".repeat(50_000) },
  { attack: "pattern", pattern: "x", text: "x".repeat(20_000) },
];

/** 10 MB: refused before anything is made of it. */
const largeBody = { ...healthyRequest(), ext: { text: "x".repeat(10_000_000) } };

export interface HostileResult {
  /** Good requests by what came of them. */
  readonly good: Readonly<Record<string, number>>;
  /** Hostile ones, by attack and what came of it. */
  readonly hostile: Readonly<Record<string, number>>;
  /** Of good requests, while hostile ones are under way. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Largest resident set of the server that was seen. */
  readonly residentMb: number;
  readonly exitCode: number | null;
}

export interface HostileLoad {
  readonly good: number;
  readonly hostile: number;
}

/** Eight connections ask for the good ones, one for the hostile ones, spread over the whole run. */
export async function attack(
  load: HostileLoad,
  residentMb: (server: ServerProcess) => number,
): Promise<HostileResult> {
  const folder = mkdtempSync(join(tmpdir(), "belay-hostile-"));
  writePack(join(folder, "pack"));
  // Built beforehand, so that the server never needs the toolchain and its memory.
  const bundle = join(folder, "b.tar.gz");
  await run(process.execPath, [belayCommand, "build", join(folder, "pack"), "-o", bundle]);
  const server = await startServer(join(folder, "record"), ["--port", "0", "-b", bundle]);
  try {
    const asking = new HostileRun(server.port, load);
    let most = 0;
    const watching = setInterval(() => (most = Math.max(most, residentMb(server))), 250);
    await asking.askAll();
    clearInterval(watching);
    server.process.kill("SIGTERM");
    return { ...asking.result(), residentMb: most, exitCode: await server.exitCode };
  } finally {
    server.process.kill("SIGKILL");
    rmSync(folder, { recursive: true });
  }
}

class HostileRun {
  readonly #url: string;
  readonly #load: HostileLoad;
  readonly #good: Record<string, number> = {};
  readonly #hostile: Record<string, number> = {};
  readonly #latenciesMs: number[] = [];
  #goodLeft: number;
  #hostileLeft: number;

  constructor(port: number, load: HostileLoad) {
    this.#url = `http://127.0.0.1:${String(port)}/v1/decisions`;
    this.#load = load;
    this.#goodLeft = load.good;
    this.#hostileLeft = load.hostile;
  }

  async askAll(): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 16 });
    await Promise.all([
      this.#askHostile(agent),
      ...Array.from({ length: 8 }, () => this.#askGood(agent)),
    ]);
    agent.destroy();
  }

  result() {
    const sorted = this.#latenciesMs.toSorted((a, b) => a - b);
    const at = (part: number) => sorted[Math.floor(sorted.length * part)] ?? Number.NaN;
    return { good: this.#good, hostile: this.#hostile, p50Ms: at(0.5), p99Ms: at(0.99) };
  }

  async #askGood(agent: Agent): Promise<void> {
    while (this.#goodLeft > 0) {
      this.#goodLeft -= 1;
      const startMs = performance.now();
      const outcome = await this.#outcomeOf(healthyRequest(), agent);
      this.#latenciesMs.push(performance.now() - startMs);
      count(this.#good, outcome);
    }
  }

  /** In step with the good ones, so that both end together. */
  async #askHostile(agent: Agent): Promise<void> {
    while (this.#hostileLeft > 0) {
      const isDue = this.#hostileLeft * this.#load.good >= this.#goodLeft * this.#load.hostile;
      if (!isDue && this.#goodLeft > 0) {
        await new Promise((resolve) => setTimeout(resolve, 1));
        continue;
      }
      const ext = attacks[this.#hostileLeft % (attacks.length + 1)];
      this.#hostileLeft -= 1;
      const body = ext === undefined ? largeBody : { ...healthyRequest(), ext };
      const outcome = await this.#outcomeOf(body, agent);
      count(this.#hostile, `${ext?.attack ?? "large"} ${outcome}`);
    }
  }

  async #outcomeOf(json: unknown, agent: Agent): Promise<string> {
    try {
      const { status, text } = await ask(this.#url, { method: "POST", json, agent });
      if (status !== 200) return String(status);
      const { verdict, code } = JSON.parse(text) as Decision;
      return `${verdict} ${code}`;
    } catch {
      return "no answer";
    }
  }
}

function count(counts: Record<string, number>, outcome: string): void {
  counts[outcome] = (counts[outcome] ?? 0) + 1;
}

function writePack(folder: string): void {
  mkdirSync(join(folder, "hostile"), { recursive: true });
  writeFileSync(join(folder, "pack.yaml"), "name: hostile\n");
  writeFileSync(join(folder, "hostile/policy.rego"), policy);
}
