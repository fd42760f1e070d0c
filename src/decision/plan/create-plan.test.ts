import * as fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "../../base/canonical-json.ts";
import { sha256Hex } from "../../base/digest.ts";
import { type NormalisedInput, normaliseInput } from "../normalise.ts";
import { arbitraryNowMs, arbitraryRequest } from "../request.arbitrary.ts";
import { parseRequest } from "../request.ts";
import { createPlan } from "./create-plan.ts";
import { type Plan, planSchema } from "./plan-schema.ts";
import { createSuccessCriteria } from "./success-criteria.ts";

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;

function normalise(raw: unknown, id = "decision-1", nowMs = arbitraryNowMs): NormalisedInput {
  const parsed = parseRequest(raw, { nowMs, skewMs: 60_000 });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  const caller = { subject: "ci", auth: "none" };
  return normaliseInput(parsed.request, { id, nowMs, caller, history: {} });
}

const release = {
  service: "checkout",
  candidate: { version: "2.4.0" },
  stable: { version: "2.3.9" },
};
const errors = { id: "errors", sli: "availability", bad: 30, total: 1_000 };
const health = { signals: [errors, { ...errors, population: "stable", bad: 90, total: 9_000 }] };

function plan(rest: object = {}, releaseRest: object = {}): Plan | undefined {
  return createPlan(normalise({ release: { ...release, ...releaseRest }, health, ...rest }));
}

/** `action from>to` of every step. */
function outline(made: Plan | undefined): string[] | undefined {
  return made?.steps.map(({ action, flag, from, to }) =>
    [action, flag, from === undefined ? undefined : `${from}>${to}`].filter(Boolean).join(" "),
  );
}

const killSwitch = {
  key: "new-cart",
  variant: "on",
  safe_variant: "off",
  kill_switch: true,
  covers_release: true,
};

test.each<[string | undefined, string[]]>([
  [undefined, ["artifact_revert 2.4.0>2.3.9", "verify"]],
  ["rolling", ["artifact_revert 2.4.0>2.3.9", "verify"]],
  ["config", ["config_revert 2.4.0>2.3.9", "verify"]],
  ["canary", ["traffic_shift 2.4.0>2.3.9", "verify", "artifact_revert 2.4.0>2.3.9", "verify"]],
  ["bluegreen", ["traffic_shift 2.4.0>2.3.9", "verify", "artifact_revert 2.4.0>2.3.9", "verify"]],
  ["flag", ["flag_off new-cart on>off", "verify"]],
])("the way back for the strategy %s", (strategy, steps) => {
  const flags = strategy === "flag" ? [killSwitch] : [];
  expect(outline(plan({ flags }, strategy === undefined ? {} : { strategy }))).toEqual(steps);
});

test("flags come first, and only those that can be and need to be turned off", () => {
  const flags = [
    { ...killSwitch, key: "no-switch", kill_switch: false },
    { ...killSwitch, key: "not-covering", covers_release: false },
    { ...killSwitch, key: "off-already", variant: "off" },
    { ...killSwitch, key: "unexposed", exposure_ratio: 0 },
    killSwitch,
    { key: "bare", kill_switch: true, covers_release: true },
  ];
  expect(outline(plan({ flags }, { strategy: "canary" }))).toEqual([
    "flag_off new-cart on>off",
    "verify",
    "flag_off bare",
    "verify",
    "traffic_shift 2.4.0>2.3.9",
    "verify",
    "artifact_revert 2.4.0>2.3.9",
    "verify",
  ]);
});

test("digests are preferred to versions", () => {
  const made = plan(
    {},
    {
      candidate: { version: "2.4.0", digest: digest("a") },
      stable: { version: "2.3.9", digest: digest("b") },
    },
  );
  expect(made?.target).toEqual({ version: "2.3.9", digest: digest("b") });
  expect(outline(made)).toEqual([`artifact_revert ${digest("a")}>${digest("b")}`, "verify"]);
});

test.each([
  ["no stable version is named", { stable: undefined }],
  ["nothing is known of it but that it is good", { stable: { known_good: true } }],
  ["the release is a flag that nothing turns off", { strategy: "flag" }],
])("there is no plan where %s", (_name, releaseRest) => {
  const { stable, ...rest } = { ...release, ...releaseRest };
  const raw = { release: stable === undefined ? rest : { ...rest, stable }, health };
  expect(createPlan(normalise(raw))).toBeUndefined();
});

test("a flag can be turned off without any stable version", () => {
  const { stable: _none, ...rest } = release;
  const raw = { release: { ...rest, strategy: "flag" }, flags: [killSwitch], health };
  const made = createPlan(normalise(raw));
  expect(outline(made)).toEqual(["flag_off new-cart on>off", "verify"]);
  expect(made).not.toHaveProperty("target");
});

test.each([
  ["applied", "lossy"],
  ["applied", "no"],
  ["applied", undefined],
  ["running", "no"],
  ["failed", undefined],
])(
  "a migration that is %s and reversible %s is confirmed by a human first",
  (state, reversible) => {
    const migration = { id: "0042", state, ...(reversible === undefined ? {} : { reversible }) };
    const made = plan({ migrations: [migration] }, { strategy: "canary" });
    expect(made?.data_loss).toBe("unknown");
    expect(made?.steps[0]).toMatchObject({
      action: "hold",
      depends_on: [],
      precondition: [`migration 0042 is ${state}; reversible: ${reversible ?? "unknown"}`],
      on_failure: "halt",
    });
    expect(made?.steps.filter((step) => step.point_of_no_return)).toMatchObject([
      { action: "artifact_revert", reversible: false },
    ]);
  },
);

test.each([
  [undefined, "unknown"],
  [[], "none"],
  [[{ id: "0042", state: "pending", reversible: "no" }], "none"],
  [[{ id: "0042", state: "applied", reversible: "yes" }], "none"],
])("with the migrations %o the loss of data is %s, and nobody is asked", (migrations, dataLoss) => {
  const made = plan(migrations === undefined ? {} : { migrations });
  expect(made?.data_loss).toBe(dataLoss);
  expect(made?.steps[0]?.action).toBe("artifact_revert");
});

test("what the policies have against going back comes before everything else", () => {
  const made = createPlan(normalise({ release, health, migrations: [] }), {
    unsafe: [{ line: "policy migration_safety found LOSSY", places: [] }],
    onHold: ["policy governance found FREEZE"],
    advice: [],
  });
  expect(outline(made)).toEqual(["hold", "artifact_revert 2.4.0>2.3.9", "verify"]);
  expect(made).toMatchObject({
    data_loss: "unknown",
    steps: [
      { precondition: ["policy migration_safety found LOSSY", "policy governance found FREEZE"] },
      { reversible: false, point_of_no_return: true },
      {},
    ],
  });
});

test("recovered means within the objective, or not worse than the baseline may have been", () => {
  const windows = [
    { window_s: 3_600, bad: 1, total: 100 },
    { window_s: 300, bad: 1, total: 100 },
  ];
  const input = normalise({
    release,
    health: {
      signals: [
        { ...errors, windows },
        { ...errors, population: "stable", bad: 90, total: 9_000 },
        { ...errors, id: "wrong", sli: "correctness", bad: 1, total: 50 },
        { ...errors, id: "wrong", sli: "correctness", population: "stable", bad: 0, total: 300 },
        { id: "strict", sli: "correctness", windows },
        { id: "unjudged", sli: "latency", value: 300 },
      ],
      slos: [
        { id: "loose", signal: "errors", objective_ratio: 0.99 },
        { id: "availability", signal: "errors", objective_ratio: 0.999_999 },
        { id: "never", signal: "strict", objective_ratio: 1 },
      ],
    },
  });
  const criterion = { service: "checkout", op: "<=", window_s: 300 };
  expect(createSuccessCriteria(input)).toEqual([
    { ...criterion, signal: "errors", value: 0.000_001, min_n: 10_000 },
    { ...criterion, signal: "strict", value: 0, min_n: 10_000 },
    // Wilson's upper end of 0 of 300 is 0.0126: the next of 1, 2, 5 is 0.02.
    { ...criterion, signal: "wrong", value: 0.02, min_n: 50 },
  ]);
});

test("the same release has the same plan from minute to minute; another roll-out another", () => {
  const first = createPlan(normalise({ release, health }));
  const fresher = [
    { ...errors, bad: 40 },
    { ...errors, population: "stable", bad: 95, total: 9_000 },
  ];
  const later = createPlan(
    normalise({ release, health: { signals: fresher } }, "decision-2", arbitraryNowMs + 60_000),
  );
  expect(later).toEqual(first);
  for (const other of [{ id: "roll-out-7" }, { exposed_since_ms: arbitraryNowMs - 1 }]) {
    const made = createPlan(
      normalise({ release: { ...release, ...other }, health }, "decision-1", arbitraryNowMs),
    );
    expect(made?.plan_id).not.toBe(first?.plan_id);
    expect(made?.steps[0]?.idempotency_key).not.toBe(first?.steps[0]?.idempotency_key);
  }
});

const changes = new Set([
  "flag_off",
  "traffic_shift",
  "artifact_revert",
  "config_revert",
  "migration_down",
]);

test("the invariants of a plan for any request", () => {
  const lines = fc.array(fc.string({ minLength: 1 }), { maxLength: 2 });
  let planned = 0;
  fc.assert(
    fc.property(arbitraryRequest, lines, lines, (raw, unsafe, onHold) => {
      const input = normalise(raw);
      const counsel = { unsafe: unsafe.map((line) => ({ line, places: [] })), onHold, advice: [] };
      const made = createPlan(input, counsel);
      expect(createPlan(normalise(raw), counsel)).toEqual(made);
      if (made === undefined) return;
      planned += 1;

      planSchema.parse(made);
      const { plan_id, ...content } = made;
      expect(plan_id).toBe(`sha256:${sha256Hex(canonicalJson(content))}`);

      const { steps } = made;
      expect(new Set(steps.map((step) => step.idempotency_key)).size).toBe(steps.length);
      for (const [index, step] of steps.entries()) {
        const before = steps.slice(0, index);
        const next = steps[index + 1]?.action;
        expect(changes.has(step.action) ? next : "verify").toBe("verify");
        const isHeld = before.some(({ action }) => action === "hold");
        expect(step.point_of_no_return && !isHeld).toBe(false);
        expect(step.timeout_s).toBeGreaterThan(0);
        expect(step.retry === undefined).toBe(step.on_failure !== "retry");
      }
      const asks = unsafe.length + onHold.length > 0;
      expect(asks && steps[0]?.action !== "hold").toBe(false);
      expect(steps.at(-1)).toMatchObject({ action: "verify", on_failure: "escalate" });
    }),
    { numRuns: 200 },
  );
  expect(planned).toBeGreaterThan(50);
});
