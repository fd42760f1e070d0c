import { expect, test } from "vitest";
import { loadDeclared } from "../builtins/declarations.fixture.ts";
import { failingNativeBuiltins } from "./native-builtin.ts";

test("every builtin that is said to fail is one that OPA declares, and runs in the module", async () => {
  const { declarations, hostCalls } = await loadDeclared();
  const declared = new Set(
    declarations.map(({ name }) => name).filter((name) => !hostCalls.has(name)),
  );
  expect(failingNativeBuiltins.size).toBeGreaterThan(60);
  expect([...failingNativeBuiltins.values()].filter((name) => !declared.has(name))).toEqual([]);
});
