import { afterAll, beforeAll, expect, test } from "vitest";
import { parsePack } from "../bundle/pack.ts";
import { readLibrary } from "../bundle/pack-directory.ts";
import { composeEngine } from "../compose.ts";
import type { Decision } from "../decision/decision.ts";
import { createToolchain } from "../rego/toolchain/wasi-toolchain.ts";
import { buildPack } from "./build-pack.ts";
import { decideOffline } from "./decide-offline.ts";
import type { Engine } from "./engine.ts";

const nowMs = 1767225600000;
const toolchain = createToolchain();
let engine: Engine;

/** One policy that finds what it should, and one that goes wrong as the service's name says. */
const sound = `package belay.policies.sound

finding contains {
	"kind": "regression",
	"code": "SEEN",
	"severity": "major",
	"message": "seen",
	"evidence": [],
} if {
	input.release.service != "quiet"
}
`;
const faulty = `package belay.policies.faulty

level := 1 if input.release.service == "conflict"

level := 2 if input.release.service == "conflict"

finding contains {
	"kind": "note",
	"code": "LEVEL",
	"severity": "info",
	"message": "the level is known",
	"evidence": [],
} if {
	level > 0
}

finding contains {"kind": "nonsense", "code": "NONSENSE"} if input.release.service == "nonsense"

finding contains {
	"kind": "note",
	"code": "MALFORMED",
	"severity": "info",
	"message": "a number that is none",
	"evidence": [{"path": "/release", "observed": to_number("."), "op": ">", "threshold": 1}],
} if {
	input.release.service == "number"
}

finding contains {
	"kind": "note",
	"code": "TOO_LARGE",
	"severity": "info",
	"message": sprintf("%d", [count(concat("", [text | some _ in numbers.range(1, 2000)]))]),
	"evidence": [],
} if {
	input.release.service == "memory"
	text := concat("", ["0123456789abcdef" | some _ in numbers.range(1, 10000)])
}
`;

beforeAll(async () => {
  const parsed = parsePack([
    { path: "pack.yaml", text: "name: faults\n" },
    { path: "sound/policy.rego", text: sound },
    { path: "faulty/policy.rego", text: faulty },
  ]);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
  const built = await buildPack(parsed.pack, readLibrary(), toolchain);
  if (!built.ok) throw new Error(JSON.stringify(built.diagnostics));
  engine = composeEngine(built.bundle);
});

afterAll(() => toolchain.close());

function decide(service: string): Decision {
  const release = { service, candidate: { version: "2" }, stable: { version: "1" } };
  const request = { request: { id: "fault" }, release, health: { signals: [] } };
  return decideOffline(engine, request, nowMs).decision;
}

test.each([
  ["conflict", "a rule that has two values"],
  ["memory", "a rule that wants more memory than there is"],
  ["nonsense", "a rule that states nonsense"],
  ["number", "a rule whose answer is no document"],
])("%s: a policy at fault asks a human, by name, and loses nobody else's findings", (service) => {
  const decision = decide(service);
  expect(decision).toMatchObject({
    verdict: "escalate",
    code: "POLICY_ERROR",
    escalation: { level: "page" },
    unknowns: [{ policy: "faulty" }],
  });
  expect(decision.reasons.map(({ policy, code }) => `${policy} ${code}`)).toEqual(["sound SEEN"]);
});

test("a fault leaves no trace: the next decision is what it would have been", () => {
  const before = decide("checkout");
  decide("conflict");
  decide("memory");
  expect(decide("checkout")).toEqual(before);
  expect(before).toMatchObject({ verdict: "rollback", code: "SEEN", unknowns: [] });
});

test("the same input gives the same bytes, and they name the bundle", () => {
  const request = {
    request: { id: "same" },
    release: { service: "quiet", candidate: { version: "2" } },
    health: { signals: [] },
  };
  const first = decideOffline(engine, request, nowMs);
  expect(decideOffline(engine, request, nowMs).decisionJson).toBe(first.decisionJson);
  expect(first.decision.provenance.bundle.revision).toBe(engine.bundle.revision);
});
