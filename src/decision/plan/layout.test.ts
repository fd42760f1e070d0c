import { expect, test } from "vitest";
import { createPlan } from "./create-plan.ts";
import { normalise } from "./release-graph.arbitrary.ts";
import type { Counsel } from "./route.ts";

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;

/** `action service what` of every step, `!` at a point of no return, and what it waits for. */
function outline(raw: object, counsel: Partial<Counsel> = {}): string[] {
  const plan = createPlan(normalise(raw), { unsafe: [], onHold: [], advice: [], ...counsel });
  return (plan?.steps ?? []).map((step) => {
    const number = (id: string) => id.slice(0, id.indexOf("-"));
    const what = step.flag ?? step.migration ?? step.queue ?? step.cache ?? step.compensation;
    const mark = step.point_of_no_return ? "!" : "";
    const words = [number(step.id), step.action + mark, step.service, what].filter(Boolean);
    return `${words.join(" ")} <${step.depends_on.map(number).join(",")}`;
  });
}

function released(service: string, version = "2.0.0") {
  return { service, candidate: { version }, stable: { version: "1.0.0" } };
}

const chain = {
  edges: [
    { from: "web", to: "cart", kind: "sync", compat: "backward" },
    { from: "cart", to: "checkout", kind: "sync", compat: "backward" },
    { from: "checkout", to: "ledger", kind: "sync", compat: "backward" },
  ],
};
const fourServices = {
  release: {
    ...released("ledger"),
    components: [released("web"), released("cart"), released("checkout")],
  },
  topology: chain,
};

test("four services, an irreversible contract in the middle: it stops right before it", () => {
  const migrations = [
    {
      id: "drop-total",
      state: "applied",
      phase: "contract",
      reversible: "no",
      service: "checkout",
    },
  ];
  const raw = { ...fourServices, migrations };
  expect(outline(raw)).toEqual([
    "1 artifact_revert web <",
    "2 verify web <1",
    "3 artifact_revert cart <2",
    "4 verify cart <3",
    "5 hold checkout <4",
    "6 artifact_revert! checkout <5",
    "7 verify checkout <6",
    "8 artifact_revert ledger <7",
    "9 verify ledger <8",
  ]);
  const plan = createPlan(normalise(raw));
  expect(plan).toMatchObject({
    scope: { services: ["web", "cart", "checkout", "ledger"], kind: "group", excluded: [] },
    hazards: [],
    data_loss: "unknown",
    rto_s: 4 * 900 + 4 * 600 + 3_600,
  });
  expect(plan?.steps[4]?.precondition).toEqual(["migration drop-total is applied; reversible: no"]);
  // A policy that doubts that very migration does not make the plan stop any earlier.
  const unsafe = [
    { line: "policy migration_safety found CONTRACT", places: ["/migrations/0/phase"] },
  ];
  const doubted = createPlan(normalise(raw), { unsafe, onHold: [], advice: [] });
  expect(doubted?.steps[4]?.precondition).toEqual([
    "migration drop-total is applied; reversible: no",
    "policy migration_safety found CONTRACT",
  ]);
  expect(doubted?.steps.map(({ id }) => id)).toEqual(plan?.steps.map(({ id }) => id));
});

test("where the old version cannot use the schema, the hold stands before the bad state", () => {
  const migrations = [
    { id: "m", state: "applied", reversible: "no", service: "checkout", app_min: "2.0.0" },
  ];
  const plan = createPlan(normalise({ ...fourServices, migrations }));
  expect(plan?.steps[4]).toMatchObject({ action: "hold", service: "checkout" });
  expect(plan?.hazards).toEqual([
    {
      after_step: "6-artifact_revert",
      why: "checkout at 1.0.0 meets the schema of migration m, which is for versions from 2.0.0",
    },
  ]);
  expect(plan?.steps[4]?.precondition).toContain(plan?.hazards[0]?.why);
});

test("services with nothing between them go back side by side", () => {
  const edges = [
    { from: "web", to: "cart", kind: "sync", compat: "none" },
    { from: "web", to: "ledger", kind: "sync", compat: "none" },
  ];
  const raw = {
    release: { ...released("web"), components: [released("cart"), released("ledger")] },
    topology: { edges },
  };
  expect(outline(raw).slice(1)).toEqual([
    "2 artifact_revert web <1",
    "3 verify web <2",
    "4 artifact_revert cart <3",
    "5 verify cart <4",
    "6 artifact_revert ledger <3",
    "7 verify ledger <6",
    "8 verify web <5,7",
  ]);
});

test("flags, the pin, queues, traffic, artifacts, settings, migrations, caches, compensations", () => {
  const raw = {
    release: {
      ...released("a"),
      candidate: { version: "2.0.0", digest: digest("a") },
      stable: { version: "1.0.0", digest: digest("b") },
      strategy: "canary",
      config_diff: [{ key: "timeout", from: "800", to: "200" }],
    },
    flags: [
      { key: "guarding", kill_switch: true, covers_release: true, guards_migration: "grown" },
      { key: "free", kill_switch: true, covers_release: true },
    ],
    environment: { gitops: { desired_digest: digest("a"), auto_sync: true } },
    migrations: [
      { id: "grown", state: "applied", phase: "backfill", reversible: "yes" },
      { id: "shrunk", state: "applied", phase: "contract", reversible: "yes" },
    ],
    data_integrity: {
      queues: [{ id: "orders", service: "a" }],
      caches: [{ id: "carts", service: "a" }],
      compensations: [
        { id: "resend", service: "mail", reversible: true },
        { id: "refund", service: "billing" },
      ],
    },
  };
  expect(outline(raw)).toEqual([
    "1 flag_off a free <",
    "2 verify a <1",
    "3 hold a <2",
    "4 flag_off a guarding <3",
    "5 verify a <4",
    "6 gitops_pin a <5",
    "7 migration_down a shrunk <6",
    "8 verify a <7",
    "9 queue_pause a orders <8",
    "10 traffic_shift a <9",
    "11 verify a <10",
    "12 artifact_revert a <11",
    "13 verify a <12",
    "14 config_revert a <13",
    "15 verify a <14",
    "16 migration_down a grown <15",
    "17 verify a <16",
    "18 cache_invalidate a carts <17",
    "19 verify a <18",
    "20 queue_resume a orders <19",
    "21 verify a <20",
    "22 compensate mail resend <21",
    "23 verify mail <22",
    "24 hold billing <23",
    "25 compensate! billing refund <24",
    "26 verify billing <25",
  ]);
  const plan = createPlan(normalise(raw));
  expect(plan?.steps[5]).toMatchObject({ from: digest("a"), to: digest("b") });
  expect(plan?.steps[13]?.config).toEqual([{ key: "timeout", from: "200", to: "800" }]);
  expect(plan?.data_loss).toBe("none");
});

test.each<[string, object, boolean]>([
  ["it synchronises something else", { desired_digest: digest("c"), auto_sync: true }, true],
  ["it synchronises nobody knows what", { auto_sync: true }, true],
  ["it may synchronise the candidate", { desired_digest: digest("a") }, true],
  ["it synchronises the target", { desired_digest: digest("b"), auto_sync: true }, false],
  ["it does not synchronise", { desired_digest: digest("a"), auto_sync: false }, false],
  ["nothing is said", {}, false],
])("what synchronises from Git is pinned where %s: %j", (_name, gitops, isPinned) => {
  const stable = { digest: digest("b") };
  const raw = { release: { ...released("a"), stable }, environment: { gitops } };
  expect(outline(raw).some((line) => line.includes("gitops_pin"))).toBe(isPinned);
});

test("a migration goes down when the last of its readers is back", () => {
  const migrations = [
    { id: "m", state: "applied", reversible: "yes", service: "ledger", readers: ["web", "ledger"] },
    { id: "n", state: "applied", reversible: "yes", service: "cart", store: "other" },
  ];
  const lines = outline({ ...fourServices, migrations });
  expect(lines).toContain("5 migration_down cart n <4");
  expect(lines).toContain("11 migration_down ledger m <10");
  expect(lines.at(-1)).toBe("13 verify ledger <6,12");
});

test("where the migration is the release, taking it down is the way back", () => {
  const release = { ...released("a"), strategy: "database" };
  const yes = { id: "m", state: "applied", phase: "expand", reversible: "yes" };
  const migrations = [yes, { ...yes, id: "n" }, { ...yes, id: "o", reversible: "lossy" }];
  expect(outline({ release, migrations })).toEqual([
    "1 hold a <",
    "2 migration_down! a o <1",
    "3 verify a <2",
    "4 migration_down a n <3",
    "5 verify a <4",
    "6 migration_down a m <5",
    "7 verify a <6",
  ]);
  expect(outline({ release, migrations: [{ ...yes, reversible: "no" }] })).toEqual([]);
  expect(outline({ release })).toEqual([]);
});

test("a flag of what stays is left on, unless a policy wants it off", () => {
  const covering = { kill_switch: true, covers_release: true };
  const flags = [
    { key: "own", ...covering },
    { key: "other", ...covering, service: "web" },
  ];
  const raw = { ...fourServices, flags, topology: {} };
  expect(outline(raw).filter((line) => line.includes("flag_off"))).toEqual([
    "1 flag_off ledger own <",
  ]);
  const advice = [{ act: "flag_off" as const, policy: "flag_first", flag: "other" }];
  expect(outline(raw, { advice })[2]).toBe("3 flag_off web other <2");
});

test("a service is verified by its own signals, the whole by all", () => {
  const signal = { id: "errors", sli: "availability", bad: 3, total: 1_000 };
  const signals = ["web", "ledger"].flatMap((service) => [
    { ...signal, service },
    { ...signal, service, population: "stable" },
  ]);
  const plan = createPlan(normalise({ ...fourServices, health: { signals } }));
  const verified = plan?.steps
    .filter(({ action }) => action === "verify")
    .map(({ service, success }) => `${service}: ${success.map((one) => one.service).join(" ")}`);
  expect(verified).toEqual([
    "web: web",
    "cart: web ledger",
    "checkout: web ledger",
    "ledger: web ledger",
  ]);
});
