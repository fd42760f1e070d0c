import { expect, test } from "vitest";
import { chooseFlags } from "./flag-choice.ts";
import { normalise } from "./release-graph.arbitrary.ts";

const release = { service: "checkout", candidate: { version: "2.0.0" } };
const killSwitch = { key: "f", variant: "on", safe_variant: "off", kill_switch: true };
const covering = { ...killSwitch, covers_release: true };

function choose(flag: object, rest: object = {}, advised: readonly string[] = []) {
  const advice = advised.map((key) => ({ act: "flag_off" as const, policy: "p", flag: key }));
  return chooseFlags(normalise({ release, flags: [flag], ...rest }), advice);
}

test("a kill switch that covers the release is turned off, from what it is to what is safe", () => {
  expect(choose({ ...covering, service: "cart" })).toMatchObject([
    { service: "cart", asks: [], draft: { flag: "f", from: "on", to: "off", service: "cart" } },
  ]);
});

test.each([
  ["it cannot be reached", { ...covering, reachable: false }, ["f"]],
  ["it is off", { ...covering, variant: "off" }, ["f"]],
  ["nobody sees it", { ...covering, exposure_ratio: 0 }, ["f"]],
  ["it covers something else", killSwitch, ["g"]],
])("not where %s", (_name, flag, advised) => {
  expect(choose(flag, {}, advised)).toEqual([]);
});

test("a policy may want another flag off", () => {
  expect(choose({ key: "f" }, {}, ["f"])).toMatchObject([{ service: "checkout" }]);
});

test.each([
  ["pending", { state: "pending" }, []],
  ["only added to", { state: "applied", phase: "expand" }, []],
  [
    "applied",
    { state: "applied", phase: "switch" },
    ["flag f guards migration m, which is applied"],
  ],
  ["running", { state: "running" }, ["flag f guards migration m, which is running"]],
])("a flag that guards a migration that is %s", (_name, migration, asks) => {
  const flag = { ...covering, guards_migration: "m" };
  expect(choose(flag, { migrations: [{ id: "m", ...migration }] })).toMatchObject([{ asks }]);
});

test("a flag that guards a migration of which nothing is said", () => {
  expect(choose({ ...covering, guards_migration: "m" })).toMatchObject([
    { asks: ["flag f guards migration m, which is not described"] },
  ]);
});
