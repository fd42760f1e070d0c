import { describe, expect, test } from "vitest";
import { checkParameters, settingsSchema } from "./settings.ts";

const defaults = { slo_burn: { fast_factor: 14.4, windows: [3600], on: true } };

describe("settings of a pack", () => {
  test("accept what a policy declares, with its type", () => {
    const settings = settingsSchema.parse({
      policies: { slo_burn: { mode: "shadow", params: { fast_factor: 10, windows: [] } } },
      overrides: [{ match: { env: "staging" }, policies: { slo_burn: { mode: "off" } } }],
    });
    expect(checkParameters(settings, defaults)).toEqual([]);
  });

  test("name an unknown policy, an unknown parameter and a wrong type with their place", () => {
    const settings = settingsSchema.parse({
      policies: { slo_brun: {}, slo_burn: { params: { fast_facter: 1 } } },
      overrides: [
        { match: { tier: 0 }, policies: { slo_burn: { params: { fast_factor: "14", on: null } } } },
      ],
    });
    expect(checkParameters(settings, defaults)).toEqual([
      { path: ["policies", "slo_brun"], message: "no policy of that name; there are slo_burn" },
      {
        path: ["policies", "slo_burn", "params", "fast_facter"],
        message: "no parameter of that name; there are fast_factor, on, windows",
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

  test("refuse an override that matches everything, and unknown keys", () => {
    expect(settingsSchema.safeParse({ overrides: [{ match: {}, policies: {} }] }).success).toBe(
      false,
    );
    expect(settingsSchema.safeParse({ policy: {} }).success).toBe(false);
  });
});
