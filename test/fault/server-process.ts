/** @module `belay serve` as a process of its own, and decisions asked of it over kept connections. */

import { type ChildProcess, spawn } from "node:child_process";
import { Agent } from "node:http";
import { fileURLToPath } from "node:url";
import type { Decision } from "../../src/decision/decision.ts";
import { healthyRequest } from "../http/requests.ts";
import { ask } from "./fresh-request.ts";

export interface ServerProcess {
  readonly process: ChildProcess;
  readonly port: number;
  /** What it has written to standard error. */
  readonly log: () => string;
  readonly exitCode: Promise<number | null>;
}

export const belayCommand = fileURLToPath(new URL("../../bin/belay.js", import.meta.url));

export async function startServer(
  directory: string,
  options: readonly string[] = ["--port", "0"],
): Promise<ServerProcess> {
  const child = spawn(
    process.execPath,
    [
      "--max-semi-space-size=2",
      belayCommand,
      "serve",
      "--data-dir",
      directory,
      "--threads",
      "2",
      ...options,
    ],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (log += text));
  const exitCode = new Promise<number | null>((resolve) => child.once("close", resolve));
  const port = await new Promise<number>((resolve, reject) => {
    let printed = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
      const match = /http:\/\/127\.0\.0\.1:(\d+)/.exec(printed);
      if (match !== null) resolve(Number(match[1]));
    });
    void exitCode.then((code) => reject(new Error(`exit code ${String(code)}: ${log}`)));
  });
  return { process: child, port, log: () => log, exitCode };
}

export interface Asking {
  /** Decisions to ask for, at most. */
  readonly decisions: number;
  readonly connections: number;
  /** Called after each answer, with how many there are. */
  readonly onAnswer: (answered: number) => void;
}

/** Ids of the decisions that were answered in full before the server was gone. */
export async function askUntilGone(
  { port, exitCode }: ServerProcess,
  { decisions, connections, onAnswer }: Asking,
): Promise<readonly string[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const answered: string[] = [];
  let left = decisions;
  let isAlive = true;
  void exitCode.then(() => (isAlive = false));
  async function askOneAfterTheOther(): Promise<void> {
    while (isAlive && left > 0) {
      left--;
      const id = await decide(port, agent);
      if (id === undefined) continue;
      answered.push(id);
      onAnswer(answered.length);
    }
  }
  await Promise.all(Array.from({ length: connections }, askOneAfterTheOther));
  agent.destroy();
  return answered;
}

/** Undefined where the connection ended before the answer was whole. */
async function decide(port: number, agent: Agent): Promise<string | undefined> {
  const url = `http://127.0.0.1:${String(port)}/v1/decisions`;
  const options = { method: "POST", json: healthyRequest(), agent };
  const answer = await ask(url, options).catch(() => undefined);
  if (answer?.status !== 200) return undefined;
  return (JSON.parse(answer.text) as Decision).provenance.decision_id;
}
