/** @module Runs scripts, each in a folder of its own, with real files and real servers. */

import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { DriverAnswer, DriverCall } from "./driver.ts";
import { printOutput, type Script, type Step } from "./script.ts";

const checkout = fileURLToPath(new URL("../../", import.meta.url));
const fixtures = fileURLToPath(new URL("./fixtures/", import.meta.url));

/** A server of a script is ready when it says where it listens, any other command when it watches. */
const readyPattern = /(http:\/\/127\.0\.0\.1:\d+)|^in .* watching /m;

/**
 * Has nothing that only a shell understands: the driver runs it. Anything else, and whatever may
 * keep running, is a real process.
 */
const plainCommand = /^belay(?! serve -)( ([\w./:,=-]+|'[^']*'))*$/;

/** A server starts, and publishes a pack, well within this even on a busy machine. */
const waitMsMax = 90_000;

interface Server {
  readonly child: ChildProcess;
  stdout: string;
  stderr: string;
  /** Both, as they came, from where the last `& wait` ended. */
  unseen: string;
}

/** Runs scripts; its driver serves one command at a time. */
export class ScriptRunner {
  readonly #driver = fork(join(checkout, "test/cli/driver.ts"), {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });

  /** What each step printed, in the form a script has it. */
  async run(script: Script): Promise<readonly string[]> {
    const directory = mkdtempSync(join(tmpdir(), "belay-cli-"));
    const run = new ScriptRun(join(directory, "work"), join(directory, "bin"), this.#driver);
    try {
      for (const { path, text } of script.files) run.write(path, text);
      const outputs: string[] = [];
      for (const step of script.steps) outputs.push(await run.follow(step));
      return outputs;
    } finally {
      await run.end();
      rmSync(directory, { recursive: true, force: true });
    }
  }

  end(): void {
    this.#driver.disconnect();
  }
}

class ScriptRun {
  readonly #directory: string;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #driver: ChildProcess;
  #server: Server | undefined;

  constructor(directory: string, binaries: string, driver: ChildProcess) {
    this.#directory = directory;
    this.#driver = driver;
    cpSync(fixtures, directory, { recursive: true });
    mkdirSync(binaries);
    // The commands of a script run under the Node that runs the tests.
    symlinkSync(process.execPath, join(binaries, "node"));
    symlinkSync(join(checkout, "bin/belay.js"), join(binaries, "belay"));
    const { HOME, TMPDIR } = process.env;
    this.#environment = {
      ...(HOME === undefined ? {} : { HOME }),
      ...(TMPDIR === undefined ? {} : { TMPDIR }),
      CHECKOUT: checkout,
      PATH: `${binaries}${delimiter}${process.env["PATH"] ?? ""}`,
    };
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.#directory, path)), { recursive: true });
    writeFileSync(join(this.#directory, path), text);
  }

  async follow({ kind, text }: Step): Promise<string> {
    switch (kind) {
      case "run":
        return this.#run(text);
      case "serve":
        return this.#serve(text);
      case "wait":
        return this.#waitFor(text);
      case "stop":
        return this.#stop();
    }
  }

  async end(): Promise<void> {
    if (this.#server !== undefined) await this.#stop();
  }

  async #run(command: string): Promise<string> {
    if (plainCommand.test(command)) {
      const words = command.match(/'[^']*'|[^ ]+/g) ?? [];
      return this.#drive(words.slice(1).map((word) => word.replaceAll("'", "")));
    }
    const child = this.#spawn(command);
    let stdout = "";
    let stderr = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    const [exitCode] = (await once(child, "close")) as [number | null];
    return this.#shown(stdout, stderr, exitCode);
  }

  async #drive(argv: readonly string[]): Promise<string> {
    const call: DriverCall = { argv, directory: this.#directory, environment: this.#environment };
    this.#driver.send(call);
    const [answer] = (await once(this.#driver, "message")) as [DriverAnswer];
    return this.#shown(answer.stdout, answer.stderr, answer.exitCode);
  }

  async #serve(command: string): Promise<string> {
    // Without `exec` a signal would end the shell and not the server.
    const child = this.#spawn(`exec ${command}`);
    const server: Server = { child, stdout: "", stderr: "", unseen: "" };
    for (const name of ["stdout", "stderr"] as const) {
      child[name]?.setEncoding("utf8").on("data", (text: string) => {
        server[name] += text;
        server.unseen += text;
      });
    }
    this.#server = server;
    await this.#until(server, () => readyPattern.test(server.stdout));
    this.#environment["BELAY_SERVER"] = readyPattern.exec(server.stdout)?.[1] ?? "";
    return "";
  }

  async #waitFor(text: string): Promise<string> {
    const server = this.#running();
    await this.#until(server, () => server.unseen.includes(text));
    server.unseen = server.unseen.slice(server.unseen.indexOf(text) + text.length);
    return "";
  }

  async #stop(): Promise<string> {
    const server = this.#running();
    this.#server = undefined;
    if (server.child.exitCode === null) {
      server.child.kill("SIGTERM");
      await once(server.child, "close");
    }
    return this.#shown(server.stdout, server.stderr, server.child.exitCode);
  }

  async #until(server: Server, isTrue: () => boolean): Promise<void> {
    const deadlineMs = Date.now() + waitMsMax;
    while (!isTrue()) {
      if (Date.now() > deadlineMs) {
        throw new Error(`waited for too long; the server printed ${server.stdout}${server.stderr}`);
      }
      if (server.child.exitCode !== null) {
        throw new Error(`the server has ended: ${server.stdout}${server.stderr}`);
      }
      await setTimeout(20);
    }
  }

  #running(): Server {
    if (this.#server === undefined) throw new Error("no server is running");
    return this.#server;
  }

  #spawn(command: string): ChildProcess {
    return spawn("bash", ["-uo", "pipefail", "-c", command], {
      cwd: this.#directory,
      env: this.#environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  #shown(stdout: string, stderr: string, exitCode: number | null): string {
    const shown = printOutput(stdout, stderr, exitCode);
    return shown.replaceAll(this.#directory, "<work>").replaceAll(checkout, "<checkout>/");
  }
}
