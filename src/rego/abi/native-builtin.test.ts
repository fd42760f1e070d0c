import { expect, test } from "vitest";
import { loadDeclared } from "../builtins/declarations.fixture.ts";
import { failingNativeBuiltins } from "./native-builtin.ts";

// That they fail under their names, `strict-builtins.test.ts` and OPA's own cases show.
test("each is a builtin that OPA declares and does not ask a host for", async () => {
  const { declarations, hostCalls } = await loadDeclared();
  const declared = declarations.map(({ name }) => name);
  expect(failingNativeBuiltins.size).toBeGreaterThan(60);
  for (const builtin of failingNativeBuiltins.values()) {
    expect(declared).toContain(builtin);
    expect(hostCalls).not.toContain(builtin);
  }
});
