import { describe, expect, test } from "vitest";
import { checkParameters, parseDeclared } from "./parameters.ts";
import { settingsSchema } from "./settings.ts";

const declared = {
  slo_burn: {
    defaults: { fast_factor: 14.4, windows: [3600], on: true, judge: "own", min_bad: 3 },
    limits: {
      fast_factor: { above: 0, max: 1000 },
      windows: { items: "number" as const, min: 60 },
      judge: { one_of: ["own", "netflix_aca"] },
      min_bad: { min: 1, integer: true as const },
    },
  },
};

describe("settings of a pack", () => {
  test("accept what a policy declares, with its type", () => {
    const settings = settingsSchema.parse({
      policies: { slo_burn: { mode: "shadow", params: { fast_factor: 10, windows: [] } } },
      overrides: [{ match: { env: "staging" }, policies: { slo_burn: { mode: "off" } } }],
    });
    expect(checkParameters(settings, declared)).toEqual([]);
  });

  test("name an unknown policy, an unknown parameter and a wrong type with their place", () => {
    const settings = settingsSchema.parse({
      policies: { slo_brun: {}, slo_burn: { params: { fast_facter: 1 } } },
      overrides: [
        { match: { tier: 0 }, policies: { slo_burn: { params: { fast_factor: "14", on: null } } } },
      ],
    });
    expect(checkParameters(settings, declared)).toEqual([
      { path: ["policies", "slo_brun"], message: "no policy of that name; there are slo_burn" },
      {
        path: ["policies", "slo_burn", "params", "fast_facter"],
        message: "no parameter of that name; there are fast_factor, judge, min_bad, on, windows",
      },
      {
        path: ["overrides", 0, "policies", "slo_burn", "params", "fast_factor"],
        message: "must be a number, is a string",
      },
      {
        path: ["overrides", 0, "policies", "slo_burn", "params", "on"],
        message: "must be a boolean, is null",
      },
    ]);
  });

  test.each([
    [{ fast_factor: 0 }, "must be above 0, is 0"],
    [{ fast_factor: 1000.5 }, "must be at most 1000, is 1000.5"],
    [{ min_bad: 0 }, "must be at least 1, is 0"],
    [{ min_bad: 2.5 }, "must be a whole number, is 2.5"],
    [{ judge: "kayenta" }, 'must be one of own, netflix_aca, is "kayenta"'],
    [{ windows: [3600, "5m"] }, "element 1 must be a number"],
    [{ windows: [59] }, "element 0 must be at least 60, is 59"],
  ])("refuse %o, outside the limits of the policy", (params, message) => {
    const settings = settingsSchema.parse({ policies: { slo_burn: { params } } });
    const path = ["policies", "slo_burn", "params", Object.keys(params)[0]];
    expect(checkParameters(settings, declared)).toEqual([{ path, message }]);
  });

  test("take what lies on the limits", () => {
    const params = { fast_factor: 1000, min_bad: 1, judge: "netflix_aca", windows: [60] };
    const settings = settingsSchema.parse({ policies: { slo_burn: { params } } });
    expect(checkParameters(settings, declared)).toEqual([]);
  });

  test("refuse an override that matches everything, and unknown keys", () => {
    expect(settingsSchema.safeParse({ overrides: [{ match: {}, policies: {} }] }).success).toBe(
      false,
    );
    expect(settingsSchema.safeParse({ policy: {} }).success).toBe(false);
  });
});

describe("what a policy declares", () => {
  test("is read with its limits", () => {
    expect(parseDeclared(declared.slo_burn)).toEqual(declared.slo_burn);
  });

  test.each([
    [{ defaults: ["x"], limits: {} }, "`default_params`: "],
    [
      { defaults: {}, limits: { min_bad: {} } },
      "`param_limits.min_bad`: no parameter of that name",
    ],
    [{ defaults: { a: 1 }, limits: { a: { minimum: 1 } } }, "`param_limits.a`: "],
    [
      { defaults: { a: 0 }, limits: { a: { min: 1 } } },
      "`default_params.a`: must be at least 1, is 0",
    ],
  ])("%j is refused", (raw, message) => {
    expect(parseDeclared(raw)).toContain(message);
  });
});
