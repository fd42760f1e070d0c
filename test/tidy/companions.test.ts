import { describe, expect, test } from "vitest";
import {
  checkPolicy,
  findUntestedModules,
  findUntestedSources,
  listPolicies,
} from "./companions.ts";
import { readTrackedFiles, type TextFile } from "./tracked-files.ts";

const sources = readTrackedFiles(/^src\/.*\.ts$/);
const rego = readTrackedFiles(/^(rego\/belay|policies)\//);
const modules = rego.filter(({ path }) => /^rego\/.*(?<!_test)\.rego$/.test(path));
const policies = listPolicies(rego);

test(`${sources.length} sources: what runs in the core has a test beside it`, () => {
  expect(sources.length).toBeGreaterThan(0);
  expect(findUntestedSources(sources)).toEqual([]);
});

test(`${modules.length} modules of the library in Rego have a test beside them`, () => {
  expect(modules.length).toBeGreaterThan(0);
  expect(findUntestedModules(rego)).toEqual([]);
});

test(`${policies.length} policies have a page, and cases for all they can state`, () => {
  expect(policies.length).toBeGreaterThan(0);
  expect(policies.flatMap((policy) => checkPolicy(policy, rego))).toEqual([]);
});

describe("the rules can fail", () => {
  const code = "export function a(): void {}\n";

  test("a source that runs needs a test; a contract does not", () => {
    const files: readonly TextFile[] = [
      { path: "src/log/alone.ts", text: code },
      { path: "src/log/contract.ts", text: "export interface A {}\nexport type B = A;\n" },
      { path: "src/log/reexport.ts", text: 'export { a } from "./alone.ts";\n' },
      { path: "src/log/beside.ts", text: code },
      { path: "src/log/beside.test.ts", text: 'import { b } from "./shared.ts";' },
      { path: "src/log/shared.ts", text: `${code}new Worker(new URL("./entry.ts", base))` },
      { path: "src/log/entry.ts", text: code },
      { path: "src/log/only-a-type.ts", text: code },
      { path: "src/log/some.test.ts", text: 'import type { B } from "./only-a-type.ts";' },
      { path: "src/http/face.ts", text: code },
    ];
    expect(findUntestedSources(files)).toEqual([
      "src/log/alone.ts: no test beside it",
      "src/log/only-a-type.ts: no test beside it",
    ]);
  });

  test("a Rego module needs a test", () => {
    const files = ["verdict.rego", "verdict_test.rego", "numbers.rego"].map((name) => ({
      path: `rego/belay/${name}`,
      text: "",
    }));
    expect(findUntestedModules(files)).toEqual(["rego/belay/numbers.rego: no test beside it"]);
  });

  test("a policy needs its page and a case for each code", () => {
    const rules = { path: "policies/a/policy.rego", text: '"code": "ONE", "code":  "TWO"' };
    expect(listPolicies([rules, { path: "policies/pack.yaml", text: "" }])).toEqual(["policies/a"]);
    const tests = { path: "policies/a/policy_test.rego", text: "" };
    expect(checkPolicy("policies/a", [rules])).toEqual([
      "policies/a: no policy_test.rego",
      "policies/a: no README.md",
      "policies/a: no cases/*.yaml",
      "policies/a: no case for ONE",
      "policies/a: no case for TWO",
    ]);
    const page = { path: "policies/a/README.md", text: "ONE means" };
    const shown = { path: "policies/a/cases/two.yaml", text: "code: TWO" };
    expect(checkPolicy("policies/a", [rules, tests, page, shown])).toEqual([
      "policies/a: no case for ONE",
      "policies/a: README.md does not explain TWO",
    ]);
    expect(checkPolicy("policies/a", [{ ...rules, text: "" }, tests, page, shown])).toEqual([
      "policies/a: states no finding code",
    ]);
  });
});
