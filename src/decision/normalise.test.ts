import * as fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "../base/canonical-json.ts";
import type { JsonValue } from "../base/json.ts";
import { findJsonViolation } from "./json-violation.ts";
import { type HostContext, normaliseInput } from "./normalise.ts";
import { arbitraryNowMs, arbitraryRequest } from "./request.arbitrary.ts";
import { type DecisionRequest, parseRequest } from "./request.ts";

const clock = { nowMs: arbitraryNowMs, skewMs: 60_000 };
const context: HostContext = {
  id: "0194-decision",
  nowMs: arbitraryNowMs,
  caller: { subject: "ci", auth: "none" },
  history: {},
};

function parse(raw: unknown): DecisionRequest {
  const parsed = parseRequest(raw, clock);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.request;
}

const release = { service: "checkout", candidate: { version: "2" } };

test("what the smallest request becomes", () => {
  expect(normaliseInput(parse({ release }), context)).toEqual({
    request: {
      id: "0194-decision",
      question: "continue",
      mode: "enforce",
      now_ms: arbitraryNowMs,
      caller: { subject: "ci", auth: "none" },
    },
    release,
    health: { signals: [] },
    history: { rollbacks: [], bad_digests: [] },
    derived: {
      burn: [],
      compare: [],
      shift: [],
      sequential: [],
      coverage: { ok: 0, expected: 0, ratio: null },
      persistence: [],
      flap: { state_changes: 0, checks: 1, window_s: 3_600 },
    },
  });
});

test("id, clock and caller are the host's, whatever a caller says", () => {
  const request = {
    id: "mine",
    now_ms: arbitraryNowMs - 86_400_000,
    caller: { subject: "root", auth: "oidc", tenant: "all" },
    idempotency_key: "key",
  };
  expect(normaliseInput(parse({ release, request }), context).request).toEqual({
    id: "0194-decision",
    question: "continue",
    mode: "enforce",
    idempotency_key: "key",
    now_ms: arbitraryNowMs,
    caller: { subject: "ci", auth: "none" },
  });
});

test("the record's history and a caller's own account are kept apart", () => {
  const claimed = { deploys_24h: 0, rollbacks: [] };
  const rollback = { service: "checkout", at_ms: arbitraryNowMs - 1_000 };
  const known = { rollbacks: [rollback], deploys_24h: 9 };
  const input = normaliseInput(parse({ release, history: claimed }), {
    ...context,
    history: known,
  });
  expect(input.history).toEqual({
    rollbacks: [rollback],
    bad_digests: [],
    deploys_24h: 9,
    claimed,
  });
});

test("earlier checks are those of the record, never a caller's", () => {
  const breached = [{ signal: "errors", service: "checkout" }];
  const checks = [{ at_ms: arbitraryNowMs - 60_000, verdict: "allow" as const, breached }];
  const raw = {
    release,
    history: { checks },
    health: { signals: [{ id: "errors", sli: "availability", value: 1, limit: 0.5 }] },
  };
  const claimed = normaliseInput(parse(raw), context);
  expect(claimed.derived.persistence).toMatchObject([{ consecutive: 1, checks: 1 }]);
  const recorded = normaliseInput(parse(raw), { ...context, history: { checks } });
  expect(recorded.derived.persistence).toMatchObject([{ consecutive: 2, checks: 2, span_s: 60 }]);
});

test("a judge has its say where it is asked for", () => {
  const health = { judge: { name: "netflix_aca" } };
  expect(normaliseInput(parse({ release, health }), context).derived.judge).toMatchObject({
    says: "fail",
    because: "no_data",
  });
});

test("a mapping that nobody resolved is a defect, not an absence of signals", () => {
  const health = { mapping: { name: "prometheus-http", answers: {} } };
  expect(() => normaliseInput(parse({ release, health }), context)).toThrow(
    "a mapping is resolved before normalisation",
  );
});

test("every input is the same each time, is JSON, and survives being written down", () => {
  fc.assert(
    fc.property(arbitraryRequest, (raw) => {
      const before = JSON.stringify(raw);
      const input = normaliseInput(parse(raw), context);
      expect(
        findJsonViolation(input, { depthMax: 64, nodesMax: 100_000, childrenMax: 10_000 }),
      ).toBeUndefined();
      const text = canonicalJson(input);
      expect(canonicalJson(JSON.parse(text) as JsonValue)).toBe(text);
      expect(canonicalJson(normaliseInput(parse(raw), context))).toBe(text);
      expect(JSON.stringify(raw)).toBe(before);
    }),
    { numRuns: 200 },
  );
});
