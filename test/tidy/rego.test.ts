/** What only OPA itself can tell about the Rego of this repository. */

import { readFileSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { composeAuthor, shareToolchain } from "../../src/compose.ts";
import { readTrackedFiles, root } from "./tracked-files.ts";

const toolchain = shareToolchain();
const modules = readTrackedFiles(/^(rego\/belay|policies)\/.*\.rego$/);

afterAll(() => toolchain.close());

test(`${modules.length} Rego modules are formatted as OPA formats them`, async () => {
  expect(modules.length).toBeGreaterThan(0);
  expect(await toolchain.format(modules)).toEqual({ ok: true, files: modules });
});

test("1 default bundle is, byte for byte, what policies/ builds", async () => {
  const built = await composeAuthor().build(`${root}policies`);
  expect(built).toMatchObject({ ok: true });
  const archive = built.ok ? built.bundle.archive : [];
  const kept = readFileSync(`${root}bundles/default.tar.gz`);
  expect(Buffer.compare(Buffer.from(archive), kept)).toBe(0);
});
