import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import type { Decision } from "../../src/decision/decision.ts";
import type { EvaluatorChoice } from "./evaluator-choice.ts";
import { startBelay } from "./server.ts";
import { ask } from "./subject.ts";

const folder = mkdtempSync(join(tmpdir(), "belay-substitute-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function decideTwice(evaluator: EvaluatorChoice): Promise<Decision[]> {
  const recordFolder = join(folder, evaluator);
  const server = await startBelay({ recordFolder, evaluator, threads: 1 });
  try {
    const decisions: Decision[] = [];
    for (const name of ["allow", "rollback"]) {
      const path = `../../examples/requests/${name}.json`;
      const body = fileURLToPath(new URL(path, import.meta.url));
      decisions.push(JSON.parse(await ask(server.port, server.path, body)) as Decision);
    }
    return decisions;
  } finally {
    await server.stop();
  }
}

// Were the evaluator not exchanged where requests are answered, the figures would compare nothing.
test("the evaluator that is asked for is the one that decides, in the server as it is shipped", async () => {
  const shipped = await decideTwice("shipped");
  expect(shipped.map(({ verdict }) => verdict)).toEqual(["allow", "rollback"]);
  expect(shipped.every(({ provenance }) => provenance.steps !== undefined)).toBe(true);

  const npm = await decideTwice("opa-wasm");
  expect(npm.map(({ verdict }) => verdict)).toEqual(["allow", "rollback"]);
  expect(npm.some(({ provenance }) => provenance.steps !== undefined)).toBe(false);

  const canned = await decideTwice("canned");
  expect(canned.map(({ verdict }) => verdict)).toEqual(["allow", "allow"]);
}, 120_000);
