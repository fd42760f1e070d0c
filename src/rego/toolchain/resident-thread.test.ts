import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { createToolchain, type ToolchainOptions } from "./wasi-toolchain.ts";

function startToolchain(options: ToolchainOptions = {}) {
  const toolchain = createToolchain(options);
  onTestFinished(() => toolchain.close());
  return toolchain;
}

/** A test that would run for many minutes. */
const spinning = {
  path: "spin_test.rego",
  text: [
    "package spin_test",
    "test_spin if {",
    "\tsome a in numbers.range(1, 10000)",
    "\tsome b in numbers.range(1, 10000)",
    "\ta + b == 0",
    "}",
  ].join("\n"),
};

/** Each line a text twenty times as long as the one before: … 8 MB, 160 MB, 3.2 GB. */
const swelling = [
  "s0 := concat(``, [`x` | some _ in numbers.range(1, 1000)])",
  ...Array.from(
    { length: 6 },
    (_, index) => `s${index + 1} := concat(\`\`, [s${index} | some _ in numbers.range(1, 20)])`,
  ),
  "count(s6) > 0",
].join("\n");

test("a call that does not end meets its deadline, and the next one is served", async () => {
  const toolchain = startToolchain({ deadlineMs: 8_000 });
  await toolchain.check({ files: [] });
  const startedAt = performance.now();
  await expect(toolchain.test({ files: [spinning] })).rejects.toMatchObject({
    code: "toolchain-deadline",
  });
  expect(performance.now() - startedAt).toBeLessThan(20_000);
  expect(await toolchain.check({ files: [] })).toEqual({ ok: true });
});

test("a call that allocates without end dies alone, and the next one is served", async () => {
  const toolchain = startToolchain();
  const swollen = toolchain.eval({ files: [], query: swelling });
  const next = toolchain.check({ files: [] });
  await expect(swollen).rejects.toMatchObject({
    code: "toolchain-crashed",
    message: "the toolchain needed more memory than a call may have",
  });
  expect(await next).toEqual({ ok: true });
});

test("calls are served in the order they came", async () => {
  const toolchain = startToolchain();
  const order: number[] = [];
  const queries = ["count(numbers.range(1, 100000))", "1", "2", "3"];
  await Promise.all(
    queries.map(async (query, index) => {
      await toolchain.eval({ files: [], query });
      order.push(index);
    }),
  );
  expect(order).toEqual([0, 1, 2, 3]);
});

test("an idle toolchain is let go, and starts again when it is asked", async () => {
  const toolchain = startToolchain({ idleMs: 50 });
  const countThreads = () =>
    process.getActiveResourcesInfo().filter((name) => name === "MessagePort").length;
  const before = countThreads();
  await toolchain.check({ files: [] });
  await expect.poll(countThreads, { timeout: 10_000 }).toBe(before);
  await sleep(100);
  expect(await toolchain.check({ files: [] })).toEqual({ ok: true });
});

test("an idle toolchain gives its memory back", async () => {
  const program = `
    const { createToolchain } = await import(${JSON.stringify(new URL("./wasi-toolchain.ts", import.meta.url).href)});
    const { setTimeout: sleep } = await import("node:timers/promises");
    const residentMiB = () => Math.round(process.memoryUsage.rss() / 2 ** 20);
    const before = residentMiB();
    const toolchain = createToolchain({ idleMs: 200 });
    await toolchain.check({ files: [] });
    const loaded = residentMiB();
    let idle = loaded;
    for (let tries = 0; tries < 100 && idle > loaded - 80; tries++) {
      await sleep(100);
      idle = residentMiB();
    }
    console.log(JSON.stringify({ before, loaded, idle }));
  `;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--input-type=module", "--eval", program],
    { timeout: 25_000 },
  );
  const { before, loaded, idle } = JSON.parse(stdout) as Record<string, number>;
  expect(loaded).toBeGreaterThan((before ?? 0) + 100);
  expect(idle).toBeLessThan((loaded ?? 0) - 80);
});

test("a process ends by itself after its last call", async () => {
  const program = `
    const { createToolchain } = await import(${JSON.stringify(new URL("./wasi-toolchain.ts", import.meta.url).href)});
    const checked = await createToolchain().check({ files: [] });
    process.on("exit", () => console.log(JSON.stringify(checked)));
  `;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--input-type=module", "--eval", program],
    { timeout: 20_000 },
  );
  expect(stdout).toBe('{"ok":true}\n');
});
