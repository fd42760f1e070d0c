/**
 * @module The pages that show commands, followed word for word in a clean copy of the checkout. What
 * a page shows as output must be what its commands print.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { copyCheckout } from "./checkout.ts";
import { parseMarkdownScript, type ScriptStep, withoutVolatile } from "./markdown-script.ts";

/** In order, in one checkout: the first page installs what the others use. */
const pages = ["docs/quickstart.md", "README.md"];

/** A server of a page is ready when it says where it listens. */
const readyPattern = /http:\/\/127\.0\.0\.1:\d+/;

const checkout = copyCheckout();
afterAll(() => checkout.remove());

test.each(pages)("%s does what it says", { timeout: 600_000 }, async (page) => {
  const servers: ChildProcess[] = [];
  try {
    const steps = parseMarkdownScript(readFileSync(join(checkout.directory, page), "utf8"));
    expect(steps.length).toBeGreaterThan(0);
    for (const step of steps) {
      if (step.kind === "server") servers.push(await startServer(step, checkout.directory));
      else await follow(step, page, checkout.directory);
    }
  } finally {
    for (const server of servers) {
      // A negative pid addresses the whole group: the shell, npm and the server below them.
      if (server.pid !== undefined) process.kill(-server.pid, "SIGTERM");
      await once(server, "close");
    }
  }
});

async function follow(step: ScriptStep, page: string, directory: string): Promise<void> {
  const shell = spawn("bash", ["-euo", "pipefail", "-c", step.commands], {
    cwd: directory,
    env: { ...process.env, NO_COLOR: "1", npm_config_prefer_offline: "true" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  let complaints = "";
  shell.stdout.setEncoding("utf8").on("data", (text: string) => (printed += text));
  shell.stderr.setEncoding("utf8").on("data", (text: string) => (complaints += text));
  const [exitCode] = (await once(shell, "close")) as [number | null];
  const where = `${page}:${step.line}`;
  expect({ where, exitCode, complaints: exitCode === 0 ? "" : complaints + printed }).toEqual({
    where,
    exitCode: 0,
    complaints: "",
  });
  // A page need not show what a command prints.
  const shown = withoutVolatile(step.output ?? printed);
  expect(`${where}\n${withoutVolatile(printed)}`).toBe(`${where}\n${shown}`);
}

async function startServer(step: ScriptStep, directory: string): Promise<ChildProcess> {
  const server = spawn("bash", ["-euo", "pipefail", "-c", step.commands], {
    cwd: directory,
    env: { ...process.env, NO_COLOR: "1", npm_config_prefer_offline: "true" },
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  await new Promise<void>((resolve, reject) => {
    let printed = "";
    server.stdout.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
      if (readyPattern.test(printed)) resolve();
    });
    server.once("close", (code) => reject(new Error(`the server ended (${code}): ${printed}`)));
  });
  return server;
}
