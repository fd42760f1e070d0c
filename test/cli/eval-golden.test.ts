/**
 * @module What `belay eval` prints, byte for byte what `opa eval` prints. `UPDATE_GOLDEN=1` asks the
 * `opa` of the toolchain's version, where it has been built, and writes what it says.
 */

import { execFile, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readLock, toolchain } from "../../rego/toolchain/lock.ts";
import type { DriverAnswer, DriverCall } from "./driver.ts";

const folder = fileURLToPath(new URL("./eval-golden/", import.meta.url));
const goldenFile = `${folder}golden.json`;
const opa = fileURLToPath(new URL(`../../.cache/opa-${readLock(toolchain).opa}`, import.meta.url));
const isUpdate = process.env["UPDATE_GOLDEN"] === "1";

const json = ["-d", "policy.rego", "-d", "data", "-i", "input.json"];
const yaml = ["-d", "policy.rego", "-d", "data", "-i", "input.yaml"];
const otherFormats = ["raw", "values", "bindings"];

/** Answered by WebAssembly, and by topdown where that is asked for. */
const entrypoints = [
  "data.golden.pi",
  "data.golden.odd",
  "data.golden.names",
  "data.golden.priced",
  "data.golden.tags",
  "data.golden.dear",
  "data.golden.is_dear",
  "data.golden.none",
  "data.golden.nowhere",
  "data.limits",
];

const queries = [
  // Beyond 64 bits OPA's WebAssembly adds exactly and its interpreter rounds: not asked by entrypoint.
  "x := data.golden.sum_of_prices",
  "input",
  "1 == 2",
  "1 == 2; true",
  "true; true",
  "1; true",
  "x := 1.0; y := 12345678901234567890; x < y  # the last",
  "data.golden.priced[name] > 50",
  "data.golden.names[name]; count(name, n)",
  'some i; input.items[i].tags[_] == "hot"',
  "[data.golden.double(x) | some x in [1, 2.0]]",
  '"é"; 1  # x := 2\n;  z := {3, 1}',
  "{1,\n2}; x := 1",
  "data.golden.odd[key]",
  '"<plain> text"',
];

/** The same for both programs; ours is asked for an engine beside. */
const cases: readonly (readonly string[])[] = [
  ...[...entrypoints, ...queries].flatMap((query) => [
    [...json, "-f", "json", query],
    [...json, "-f", "pretty", query],
  ]),
  ...["data.golden.odd", "data.golden.names[name]; count(name, n)", "data.golden.nowhere"].flatMap(
    (query) => otherFormats.map((format) => [...json, "-f", format, query]),
  ),
  ...["input", "data.golden.dear"].map((query) => [...yaml, "-f", "json", query]),
  [...json, "-f", "pretty", "--explain", "full", "data.golden.is_dear"],
  [...json, "-f", "pretty", "--explain", "fails", "data.golden.none"],
  ["-f", "json", "-d", "x.y:data/limits/data.json", "data"],
  ["-f", "raw", "input"],
];

async function askOpa(args: readonly string[]): Promise<string> {
  const asked = await promisify(execFile)(opa, ["eval", ...args], { cwd: folder });
  return asked.stdout;
}

describe("`belay eval` prints what `opa eval` prints", () => {
  const driver = fork(fileURLToPath(new URL("./driver.ts", import.meta.url)), {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  afterAll(() => driver.disconnect());

  async function askBelay(args: readonly string[]): Promise<string> {
    const call: DriverCall = { argv: ["eval", ...args], directory: folder, environment: {} };
    driver.send(call);
    const [answer] = (await once(driver, "message")) as [DriverAnswer];
    expect(answer.stderr).toBe("");
    return answer.stdout;
  }

  let golden: Readonly<Record<string, string>>;
  beforeAll(async () => {
    if (isUpdate) {
      const said = new Map<string, string>();
      for (const args of cases) said.set(args.join(" "), await askOpa(args));
      writeFileSync(goldenFile, `${JSON.stringify(Object.fromEntries(said), null, 2)}\n`);
    }
    golden = JSON.parse(readFileSync(goldenFile, "utf8")) as Record<string, string>;
  }, 300_000);

  test("every case has its golden output, and no other is kept", () => {
    expect(Object.keys(golden)).toEqual(cases.map((args) => args.join(" ")));
  });

  test.each(cases)("%#", { timeout: 120_000 }, async (...args) => {
    const wanted = golden[args.join(" ")];
    expect(existsSync(opa) ? await askOpa(args) : wanted).toBe(wanted);
    expect(await askBelay(args)).toBe(wanted);
    expect(await askBelay([...args, "--engine", "topdown"])).toBe(wanted);
  });
});
