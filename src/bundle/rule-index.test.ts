import { describe, expect, test } from "vitest";
import type { InspectedRule } from "../rego/toolchain/toolchain.ts";
import { indexRules } from "./rule-index.ts";

function rule(row: number, codes: readonly string[], policy = "a"): InspectedRule {
  return {
    package: `data.belay.policies.${policy}`,
    name: "finding",
    file: `${policy}/policy.rego`,
    row,
    col: 1,
    codes,
  };
}

describe("the index of rules", () => {
  test("says where each code is stated", () => {
    const index = indexRules({
      packages: [{ path: "data.belay.policies.a", file: "a/policy.rego" }],
      rules: [
        { ...rule(9, ["B_CODE"]), annotations: { title: "B" } },
        rule(3, ["A_CODE"]),
        { ...rule(1, ["NOT_A_FINDING"]), name: "limit" },
        { ...rule(1, ["OTHER"]), package: "data.elsewhere" },
      ],
    });
    expect(index).toEqual({
      rules: [
        {
          policy: "a",
          code: "A_CODE",
          rule: "data.belay.policies.a.finding",
          file: "a/policy.rego",
          row: 3,
        },
        {
          policy: "a",
          code: "B_CODE",
          rule: "data.belay.policies.a.finding",
          file: "a/policy.rego",
          row: 9,
          title: "B",
        },
      ],
      policies: ["a"],
      diagnostics: [],
    });
  });

  test("refuses a finding without a literal code, and a code stated twice", () => {
    const { diagnostics } = indexRules({
      packages: [],
      rules: [rule(3, ["A_CODE"]), rule(5, []), rule(7, ["A_CODE"]), rule(3, ["A_CODE"], "b")],
    });
    expect(diagnostics.map(({ row, message }) => `${row}: ${message}`)).toEqual([
      "5: a finding needs its `code` as a literal in the rule",
      "7: code A_CODE is stated at a/policy.rego:3 already",
    ]);
  });

  test("keeps the library's packages for the library", () => {
    const packages = ["belay", "belay.decision", "belay.policies", "belay.policies.x", "team.x"];
    const { diagnostics } = indexRules({
      packages: packages.map((path) => ({ path: `data.${path}`, file: "x.rego" })),
      rules: [rule(3, ["X_CODE"], "x")],
    });
    expect(diagnostics.map(({ message }) => message.split(" ")[1])).toEqual([
      "belay",
      "belay.decision",
      "belay.policies",
    ]);
  });

  test("refuses a policy that states no finding, which would be silence in force", () => {
    const { diagnostics } = indexRules({
      packages: [{ path: "data.belay.policies.a", file: "a/policy.rego" }],
      rules: [{ ...rule(3, []), name: "findings" }],
    });
    expect(diagnostics.map(({ message }) => message)).toEqual([
      "package belay.policies.a states no finding, so it would be in force and never say anything",
    ]);
  });
});
