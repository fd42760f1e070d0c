/** @module The servers that are compared, each a process of its own on a free port of this machine. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Bundle } from "../../src/bundle/bundle.ts";
import { ProcessUsage } from "../load/process-usage.ts";
import { type EvaluatorChoice, evaluatorVariable } from "./evaluator-choice.ts";

export interface Server {
  readonly port: number;
  /** Where it is asked for a decision. */
  readonly path: string;
  readonly usage: ProcessUsage;
  stop(): Promise<void>;
}

export interface BelayOptions {
  /** Undefined for the default bundle. */
  readonly bundleFile?: string;
  readonly recordFolder: string;
  readonly evaluator: EvaluatorChoice;
  /** Undefined for what `belay serve` takes by itself. */
  readonly threads?: number | undefined;
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const readyDeadlineMs = 60_000;

/** `belay serve`, as an operator starts it. */
export async function startBelay(options: BelayOptions): Promise<Server> {
  const port = await findFreePort();
  const substitute = join(root, "bench/subject/substitute.ts");
  const child = spawn(
    process.execPath,
    [
      ...(options.evaluator === "shipped" ? [] : ["--import", substitute]),
      join(root, "bin/belay.js"),
      "serve",
      "--port",
      String(port),
      "--data-dir",
      options.recordFolder,
      ...(options.bundleFile === undefined ? [] : ["-b", options.bundleFile]),
      ...(options.threads === undefined ? [] : ["--threads", String(options.threads)]),
    ],
    {
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, [evaluatorVariable]: options.evaluator },
    },
  );
  return startServer(child, port, "/readyz", "/v1/decisions");
}

/** A stock OPA on the sources and the data of `bundle`; it logs nothing. */
export async function startOpa(binary: string, bundle: Bundle, folder: string): Promise<Server> {
  for (const file of bundle.sources.filter(({ path }) => !path.endsWith("_test.rego"))) {
    mkdirSync(dirname(join(folder, file.path)), { recursive: true });
    writeFileSync(join(folder, file.path), file.text);
  }
  writeFileSync(join(folder, "data.json"), JSON.stringify(bundle.data));
  const port = await findFreePort();
  const address = `127.0.0.1:${String(port)}`;
  const args = ["run", "--server", "--addr", address, "--log-level", "error", "-b", folder];
  const child = spawn(binary, args, { stdio: "ignore" });
  return startServer(child, port, "/health", "/v1/data/belay/decision/answer");
}

async function startServer(
  child: ChildProcess,
  port: number,
  readyPath: string,
  path: string,
): Promise<Server> {
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    await once(child, "exit");
  };
  const deadlineMs = Date.now() + readyDeadlineMs;
  while (child.exitCode === null && Date.now() < deadlineMs) {
    const answer = await fetch(`http://127.0.0.1:${String(port)}${readyPath}`).catch(() => null);
    if (answer?.ok === true) {
      return { port, path, stop, usage: new ProcessUsage(child.pid ?? 0) };
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await stop();
  throw new Error(`\`${child.spawnargs.join(" ")}\` did not become ready`);
}

/** Somebody else may take it meanwhile; then the server says so and the benchmark ends. */
async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port is free");
  return address.port;
}
