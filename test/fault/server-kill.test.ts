/**
 * @module The promise "on record before it is answered", tried the hard way: a server killed with
 * SIGKILL in the middle of 10,000 concurrent decisions, ten times, on one record.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { verifyRecord } from "../../src/log/verify.ts";
import { openSqliteRecordReader } from "../../src/store/sqlite/sqlite-record-reader.ts";
import { healthyRequest } from "../http/requests.ts";

const cycles = 10;
const requestsPerCycle = 10_000;
const connections = 256;
const belay = fileURLToPath(new URL("../../src/cli/belay.ts", import.meta.url));
const body = JSON.stringify(healthyRequest());

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "belay-kill-"));
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function startServer(): Promise<{ readonly server: ChildProcess; readonly port: number }> {
  const server = spawn(process.execPath, [belay, "serve", "--port", "0", "--data-dir", directory], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const port = await new Promise<number>((resolve, reject) => {
    let printed = "";
    server.stdout.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
      const match = /http:\/\/127\.0\.0\.1:(\d+)/.exec(printed);
      if (match !== null) resolve(Number(match[1]));
    });
    server.once("close", () => reject(new Error(`the server did not start: ${printed}`)));
  });
  return { server, port };
}

/** The id of the decision, where it was answered in full; undefined where the server was gone. */
function decide(port: number, agent: Agent): Promise<string | undefined> {
  return new Promise((resolve) => {
    const call = request(
      {
        agent,
        port,
        host: "127.0.0.1",
        path: "/v1/decisions",
        method: "POST",
        headers: { "content-type": "application/json", "content-length": body.length },
      },
      (answer) => {
        let text = "";
        answer.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
        answer.on("error", () => resolve(undefined));
        answer.on("end", () => {
          const decided = answer.statusCode === 200 && answer.complete;
          resolve(
            decided
              ? (JSON.parse(text) as { provenance: { decision_id: string } }).provenance.decision_id
              : undefined,
          );
        });
      },
    );
    call.on("error", () => resolve(undefined));
    call.end(body);
  });
}

/** Ids answered by a server that is killed once it has answered `killAfterAnswers`. */
async function killInTheMiddle(killAfterAnswers: number): Promise<readonly string[]> {
  const { server, port } = await startServer();
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const answered: string[] = [];
  let left = requestsPerCycle;
  let isAlive = true;
  server.once("close", () => {
    isAlive = false;
  });
  const closed = once(server, "close");
  async function callOneAfterTheOther(): Promise<void> {
    while (isAlive && left > 0) {
      left--;
      const id = await decide(port, agent);
      if (id === undefined) continue;
      answered.push(id);
      if (answered.length === killAfterAnswers) server.kill("SIGKILL");
    }
  }
  await Promise.all(Array.from({ length: connections }, callOneAfterTheOther));
  await closed;
  agent.destroy();
  return answered;
}

test(`every decision answered before any of ${cycles} kills is on record`, {
  timeout: 240_000,
}, async () => {
  const answered: string[] = [];
  for (let cycle = 0; cycle < cycles; cycle++) {
    const killAfterAnswers = 100 + 50 * cycle;
    const ids = await killInTheMiddle(killAfterAnswers);
    expect(ids.length).toBeGreaterThanOrEqual(killAfterAnswers);
    expect(ids.length).toBeLessThan(requestsPerCycle);
    answered.push(...ids);
    const reader = await openSqliteRecordReader({ directory });
    const missing = [];
    for (const id of ids) if ((await reader.findEntry(id)) === undefined) missing.push(id);
    expect(missing).toEqual([]);
    expect(await verifyRecord(reader)).toMatchObject({ ok: true });
    await reader.close();
  }
  expect(new Set(answered).size).toBe(answered.length);
  const { server } = await startServer();
  server.kill("SIGTERM");
  const [exitCode] = (await once(server, "close")) as [number | null];
  expect(exitCode).toBe(0);
});
