import { expect, test } from "vitest";
import { boundDataLoss, type Migration, plotMigrations } from "./migration-course.ts";
import type { ReleasedService } from "./released-service.ts";

const member = (service: string, strategy?: ReleasedService["strategy"]): ReleasedService => ({
  service,
  from: "2.0.0",
  target: { version: "1.9.0" },
  strategy,
  configDiff: [],
});

function plot(
  migrations: readonly Partial<Migration>[],
  strategy?: ReleasedService["strategy"],
  staying: readonly string[] = [],
) {
  const scope = new Map([["a", member("a", strategy)]]);
  return plotMigrations({
    migrations: migrations.map((one, index) => ({ id: `m${index}`, state: "applied", ...one })),
    service: "a",
    scope,
    released: new Map([...scope, ...staying.map((name) => [name, member(name)] as const)]),
  });
}

const range = { app_min: "1.0.0", app_max: "2.0.0" };
test.each<[string, Partial<Migration>, string, string[]]>([
  ["it only added what the old version can live with", { phase: "expand", ...range }, "leave", []],
  ["nobody says that the old version can", { phase: "expand", reversible: "yes" }, "down", []],
  ["it can be taken back", { phase: "switch", reversible: "yes" }, "down", []],
  ["it cannot", { reversible: "no" }, "stay", ["migration m0 is applied; reversible: no"]],
  ["nobody knows", {}, "stay", ["migration m0 is applied; reversible: unknown"]],
  [
    "it would cost data, and need not be",
    { reversible: "lossy", ...range },
    "stay",
    ["migration m0 is applied; reversible: lossy"],
  ],
  [
    "it costs data, and the old version cannot do without",
    { reversible: "lossy", app_min: "2.0.0" },
    "down",
    ["migration m0 is applied; reversible: lossy"],
  ],
  [
    "it still runs",
    { state: "running", phase: "expand", reversible: "yes", ...range },
    "stay",
    ["migration m0 is running; reversible: yes"],
  ],
  [
    "somebody who stays reads it",
    { reversible: "yes", readers: ["a", "b"] },
    "stay",
    ["migration m0 is applied and has to stay for b"],
  ],
  [
    "somebody who stays reads it, and it gives back what it took",
    { reversible: "yes", phase: "contract", readers: ["a", "b"] },
    "down",
    [],
  ],
])("where %s", (_name, migration, course, asks) => {
  expect(plot([migration], undefined, ["b"])).toMatchObject([{ course, asks }]);
});

test("of a flag the schema stays in use; where the migration is the release it goes down", () => {
  const expand = { phase: "expand", reversible: "yes", ...range } as const;
  expect(plot([{ reversible: "yes" }, {}], "flag")).toMatchObject([
    { course: "stay" },
    { course: "leave" },
  ]);
  expect(plot([expand], "database")).toMatchObject([{ course: "down", fits: "unknown" }]);
  expect(plot([{ reversible: "lossy" }], "database")).toMatchObject([{ course: "down" }]);
});

test("only what has begun and concerns what goes back, last applied first", () => {
  const made = plot([
    { state: "pending" },
    { applied_at_ms: 1_767_000_000_000 },
    { applied_at_ms: 1_767_000_000_001 },
    { service: "b" },
    { service: "b", readers: ["a"], applied_at_ms: 1_766_000_000_000 },
    { state: "running" },
  ]);
  expect(made.map(({ index }) => index)).toEqual([5, 2, 1, 4]);
});

const applied = 1_767_000_000_000;
const backup = { at_ms: applied - 60_000, verified: true, immutable: true };
const kept: Partial<Migration> = { applied_at_ms: applied, rpo_s: 60, backup };
test.each<[string, Partial<Migration>[], object]>([
  ["nothing is lost", [{ reversible: "yes" }], { data_loss: "none", rpo_s: 0 }],
  ["a backup keeps it", [kept, { ...kept, rpo_s: 300 }], { data_loss: "bounded", rpo_s: 300 }],
  ["one has no backup", [kept, {}], { data_loss: "unknown" }],
  ["the backup is too old", [{ ...kept, rpo_s: 59 }], { data_loss: "unknown" }],
  [
    "the backup came after",
    [{ ...kept, backup: { ...backup, at_ms: applied + 1 } }],
    { data_loss: "unknown" },
  ],
  [
    "nobody tried it",
    [{ ...kept, backup: { at_ms: applied, immutable: true } }],
    { data_loss: "unknown" },
  ],
  [
    "it can be changed",
    [{ ...kept, backup: { ...backup, immutable: false } }],
    { data_loss: "unknown" },
  ],
  ["it has not ended", [{ ...kept, state: "running" }], { data_loss: "unknown" }],
])("the loss of data where %s", (_name, migrations, loss) => {
  expect(boundDataLoss(plot(migrations), new Set())).toEqual(loss);
});

test("what a policy doubts needs a backup too, and without migrations nothing is known", () => {
  const courses = plot([{ reversible: "yes" }]);
  expect(boundDataLoss(courses, new Set([0]))).toEqual({ data_loss: "unknown" });
  expect(boundDataLoss(plot([{ reversible: "yes", ...kept }]), new Set([0]))).toEqual({
    data_loss: "bounded",
    rpo_s: 60,
  });
  expect(boundDataLoss(undefined, new Set())).toEqual({ data_loss: "unknown" });
});
