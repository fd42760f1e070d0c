import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readLock, toolchain } from "../../rego/toolchain/lock.ts";
import { formatExceptions, formatExplanations, formatResult } from "./conformance-page.ts";

const page = readFileSync(new URL("../../docs/conformance.md", import.meta.url), "utf8");

test.each([
  ["the result", formatResult],
  ["the exceptions", formatExceptions],
  ["the known disagreements", formatExplanations],
])("docs/conformance.md says %s as the gate has them", (_what, format) => {
  expect(page).toContain(`\n${format()}\n`);
});

test("docs/conformance.md names the version of OPA that is locked", () => {
  expect(page).toContain(`on OPA ${readLock(toolchain).opa};`);
});
