import { expect, test } from "vitest";
import {
  answerWith,
  compose,
  find,
  health,
  normalise,
  release,
  rollback,
} from "./composition.arbitrary.ts";

const components = [
  { service: "ledger", candidate: { version: "1.9.0" }, stable: { version: "1.8.0" } },
];
const topology = {
  nodes: [
    { service: "checkout", owner: "shop" },
    { service: "ledger", owner: "books" },
    { service: "search", owner: "find" },
  ],
  edges: [{ from: "checkout", to: "ledger", kind: "sync", compat: "none" }],
};

test("a plan that waits for nobody says when it is through", () => {
  const { notice, plan } = compose(rollback);
  expect(notice).toMatchObject({ expected_downtime_s: 0, eta_ms: 1_767_225_600_000 + 300_000 });
  expect(notice?.internal).toContain(plan?.plan_id.slice(0, 19));
});

test("a plan that waits for a human does not, and a bad state is a downtime to expect", () => {
  const asked = normalise({
    release: { ...release, strategy: "canary", components },
    health,
    topology,
  });
  const { notice } = compose(rollback, { input: asked });
  expect(notice).toEqual({
    public: "A recent change to checkout causes problems. We are deciding whether to take it back.",
    internal: expect.stringMatching(
      /^2\.4\.0 of checkout \(and 1 more\) would go back, once a human agrees, by plan sha256:/,
    ) as string,
    // From the shift of the traffic over two verifications and two artifacts.
    expected_downtime_s: 120 + 180 + 120 + 180,
  });
});

test("a bad state that stays is expected to last as long as the plan", () => {
  const edges = [{ from: "search", to: "checkout", kind: "sync", compat: "none" }];
  const asked = normalise({ release, health, topology: { edges } });
  expect(compose(rollback, { input: asked }).notice?.expected_downtime_s).toBe(120);
});

test("the scope is that of the plan: what goes back, and what stays", () => {
  const others = [...components, { service: "web", candidate: { version: "5" } }];
  const asked = normalise({
    release: { ...release, env: "production", components: others },
    health,
    topology,
  });
  expect(compose(rollback, { input: asked }).scope).toEqual({
    services: ["checkout", "ledger"],
    env: "production",
    regions: [],
    kind: "group",
    excluded: [{ service: "web", why: "was released too, and no contract asks for it to go back" }],
  });
});

test("a rollback through a bad state is a question to a human, with the plan", () => {
  const approvals = { required: [{ role: "release-manager", count: 1 }] };
  const asked = normalise({ release: { ...release, components }, health, topology, approvals });
  const { verdict, code, plan, summary, escalation } = compose(rollback, { input: asked });
  expect({ verdict, code }).toEqual({ verdict: "escalate", code: "PLAN_UNSAFE_STATE" });
  expect(summary).toBe(
    "checkout: 2.4.0 should go back, but on the way checkout at 2.3.9 calls ledger at 1.9.0, and their contract…, a human decides: burns 18 times too fast",
  );
  expect(escalation).toMatchObject({
    level: "page",
    question: expect.stringContaining(
      "Shall 2.4.0 of checkout be rolled back, although on the way checkout at 2.3.9 calls ledger at 1.9.0, and their contract holds for no mix of old and new?",
    ) as string,
    options: [{ choice: "hold" }, { choice: "proceed" }, { choice: "rollback" }],
    to: ["release-manager", "shop", "books"],
  });
  expect(plan?.steps[0]).toMatchObject({
    action: "hold",
    precondition: [plan?.hazards[0]?.why],
  });
});

test("findings tell the plan what they are about", () => {
  const migrations = [{ id: "m", state: "applied", phase: "expand", reversible: "yes" }];
  const flags = [{ key: "f", kill_switch: true, covers_release: true }];
  const evidence = [
    { path: "/migrations/0/phase", observed: "expand", op: "==" as const, threshold: "expand" },
  ];
  const findings = [find("regression"), find("unsafe", { code: "ODD", evidence })];
  const answer = {
    ...answerWith(find("regression"), { verdict: "escalate", row: 2, level: "page" }),
    findings,
  };
  const advice = [
    { act: "target" as const, policy: "rollback_target", service: "checkout", version: "2.3.8" },
  ];
  const { plan } = compose(
    { ...answer, advice },
    { input: normalise({ release, health, migrations, flags }) },
  );
  expect(plan?.steps.map(({ action, to }) => [action, to].join(" ").trim())).toEqual([
    "flag_off",
    "verify",
    "artifact_revert 2.3.8",
    "verify",
    "hold",
    "migration_down",
    "verify",
  ]);
});
