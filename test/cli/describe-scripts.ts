/**
 * @module The command line as its users see it: the scripts in this folder, word for word.
 * `UPDATE_GOLDEN=1` writes them anew with what the commands print.
 */

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ScriptRunner } from "./run-script.ts";
import { parseScript, printScript } from "./script.ts";

const folder = fileURLToPath(new URL("./", import.meta.url));
const isUpdate = process.env["UPDATE_GOLDEN"] === "1";

/** A line that starts a server begins so. */
const serverLine = /^& /m;

/** Runs the scripts that start a server, or those that start none: two halves for two workers. */
export function describeScripts(withServer: boolean): void {
  const names = readdirSync(folder).filter(
    (name) =>
      name.endsWith(".txt") && serverLine.test(readFileSync(folder + name, "utf8")) === withServer,
  );

  describe(`the command line, ${withServer ? "with a server" : "on its own"}`, () => {
    let runner: ScriptRunner;
    beforeAll(() => {
      runner = new ScriptRunner();
    });
    afterAll(() => runner.end());

    test("has scripts", () => {
      expect(names.length).toBeGreaterThan(2);
    });

    test.each(names)("%s", { timeout: 300_000 }, async (name) => {
      const text = readFileSync(folder + name, "utf8");
      const script = parseScript(text);
      const outputs = await runner.run(script);
      const actual = printScript(script, outputs);
      if (isUpdate) writeFileSync(folder + name, actual);
      expect(actual).toBe(isUpdate ? actual : text);
    });
  });
}
