import { z } from "@hono/zod-openapi";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "../base/canonical-json.ts";
import type { JsonValue } from "../base/json.ts";
import { describeIssue } from "./request/issues.ts";
import { arbitraryNowMs, arbitraryRequest } from "./request.arbitrary.ts";
import {
  decisionRequestSchema,
  issuesMax,
  type ParsedRequest,
  parseRequest,
  withSignals,
} from "./request.ts";

const clock = { nowMs: arbitraryNowMs, skewMs: 60_000 };

const release = {
  service: "checkout",
  candidate: { version: "2.4.0" },
  stable: { version: "2.3.9" },
};
const errors = { id: "errors", sli: "availability", bad: 30, total: 1_000 };

function issuesOf(parsed: ParsedRequest): Record<string, string> {
  if (parsed.ok) throw new Error("the request was accepted");
  return Object.fromEntries(parsed.issues.map(({ pointer, message }) => [pointer, message]));
}

function refuse(raw: unknown): Record<string, string> {
  return issuesOf(parseRequest(raw, clock));
}

test("a request of ten lines is enough, and its defaults are applied", () => {
  const parsed = parseRequest(
    { release, health: { signals: [errors, { ...errors, population: "stable" }] } },
    clock,
  );
  const filled = { ...errors, service: "checkout", status: "ok" };
  expect(parsed).toEqual({
    ok: true,
    request: {
      request: { question: "continue", mode: "enforce" },
      release,
      health: {
        signals: [
          { ...filled, population: "candidate" },
          { ...filled, population: "stable" },
        ],
      },
    },
  });
});

test("a request without health is a request without signals", () => {
  const parsed = parseRequest({ release }, clock);
  expect(parsed.ok && parsed.request.health).toEqual({ signals: [] });
});

test.each([
  [{}, "no_data"],
  [{ value: null }, "no_data"],
  [{ windows: [] }, "no_data"],
  [{ series: [{ t_ms: arbitraryNowMs, v: null }] }, "no_data"],
  [{ value: 0 }, "ok"],
  [{ bad: 0, total: 0 }, "ok"],
  [{ windows: [{ window_s: 300, bad: 0, total: 0 }] }, "ok"],
  [{ series: [{ t_ms: arbitraryNowMs, v: 0 }] }, "ok"],
  [{ value: 3, status: "stale" }, "stale"],
])("a signal that says %o is %s", (said, status) => {
  const signals = [{ id: "latency", sli: "latency", ...said }];
  const parsed = parseRequest({ release, health: { signals } }, clock);
  expect(parsed.ok && parsed.request.health.signals[0]?.status).toBe(status);
});

test("everything that is wrong is said at once, each in its place", () => {
  const raw = {
    relase: {},
    signals: [],
    release: {
      service: "",
      candidate: { version: 3, built_at_ms: 1_767_225_600, digest: "sha256:ab" },
      stable: { deployed_at_ms: arbitraryNowMs + 70_000 },
      tier: 9,
    },
    request: { quesion: "continue", question: "contineu" },
    health: {
      signals: [
        { id: "a", sli: "latency", value: "NaN", bad: -1, total: 2 ** 53 },
        { id: "b", sli: "latency", bad: 3, total: 2 },
        { id: "b", sli: "latency", service: "web", isCritical: true },
      ],
      slos: [{ id: "s", signal: "b", objective_ratio: 99.9 }],
    },
  };
  expect(refuse(raw)).toEqual({
    "/request/question":
      "expected one of `continue`, `promote`, `verify`, found the string `contineu`; did you mean `continue`?",
    "/request/quesion": "unknown key `quesion`; did you mean `question`?",
    "/release/service": "expected at least 1 character, found 0",
    "/release/candidate/version": "expected a string, found `3`",
    "/release/candidate/digest":
      "expected a digest: `sha256:` and 64 lower-case hex digits (or sha384, sha512)",
    "/release/candidate/built_at_ms":
      "expected epoch milliseconds, found `1767225600`, which looks like seconds",
    "/release/tier": "expected at most 3, found `9`",
    "/health/signals/0/value":
      "expected a number, found the string `NaN`; leave the value out and say so by `status`",
    "/health/signals/0/bad": "expected at least 0, found `-1`",
    "/health/signals/0/total": "expected at most 9007199254740991, found `9007199254740992`",
    "/health/signals/2/isCritical": "unknown key `isCritical`; did you mean `critical`?",
    "/health/slos/0/objective_ratio": "expected a ratio of at most 1, never percent, found `99.9`",
    "/signals": "unknown key `signals`; it belongs in `health`",
    "/relase": "unknown key `relase`; did you mean `release`?",
    "/health/signals/1/bad": "3 bad events out of 2",
    "/release/stable/deployed_at_ms": "lies 70 s in the future; 60 s of clock skew are allowed",
  });
});

test.each([
  [null, "", "expected an object, found null"],
  [[], "", "expected an object, found an array of 0"],
  ["{}", "", "expected an object, found the string `{}`"],
  [{}, "/release", "is required: expected an object"],
  [{ release: { candidate: {} } }, "/release/service", "is required: expected a string"],
  [{ release, health: { signals: {} } }, "/health/signals", "expected an array, found an object"],
  [{ release, ext: { x: Number.NaN } }, "/ext/x", "not a finite number"],
  [{ release, ext: { x: undefined } }, "/ext/x", "not JSON: a value of type undefined"],
  [{ release, ext: { x: new Date(0) } }, "/ext/x", "not JSON: neither a plain object nor an array"],
  [{ release, ext: { x: "\ud800" } }, "/ext/x", "text with a lone surrogate"],
  [JSON.parse('{"ext":{"__proto__":{}}}'), "/ext/__proto__", "a key that is not accepted"],
  [
    { release: { ...release, service: "a\nb" } },
    "/release/service",
    "expected printable text on one line: no control characters",
  ],
  [
    { release: { ...release, service: "a\u202eb" } },
    "/release/service",
    "expected printable text on one line: no control characters",
  ],
])("%o is refused at %o", (raw: unknown, pointer, message) => {
  expect(refuse(raw)).toMatchObject({ [pointer]: message });
});

test("only times in the future are a matter of clocks", () => {
  const ahead = { ...release, exposed_since_ms: arbitraryNowMs + 60_001 };
  expect(parseRequest({ release: ahead }, clock)).toMatchObject({ ok: false, code: "clock-skew" });
  expect(parseRequest({ release: { ...ahead, tier: 7 } }, clock)).toMatchObject({
    ok: false,
    code: "invalid-request",
  });
});

test("a hundred thousand signals, sound or not, are refused at once", () => {
  const signals = Array.from({ length: 100_000 }, () => ({ id: 3, unknown: {} }));
  const startedMs = Date.now();
  expect(parseRequest({ release, health: { signals } }, clock)).toEqual({
    ok: false,
    code: "input-too-large",
    issues: [{ pointer: "/health/signals", message: "at most 11000 elements, found 100000" }],
  });
  expect(refuse({ release, health: { signals: signals.slice(0, 2_001) } })).toEqual({
    "/health/signals": "expected at most 2000 elements, found 2001",
  });
  expect(Date.now() - startedMs).toBeLessThan(2_000);
});

test("the issues of a request that is wrong everywhere are capped", () => {
  const signals = Array.from({ length: 2_000 }, () => ({ id: 3, unknown: {} }));
  const unknown = Object.fromEntries(signals.map((_, index) => [`key-${index}`, 1]));
  expect(Object.keys(refuse({ release, health: { signals } }))).toHaveLength(issuesMax);
  expect(Object.keys(refuse({ release, ...unknown }))).toHaveLength(issuesMax);
});

test.each([
  ["arrays", (inner: unknown) => [inner]],
  ["objects", (inner: unknown) => ({ deeper: inner })],
])("depth of ten thousand %s is refused", (_name, wrap) => {
  let deep: unknown = 1;
  for (let depth = 0; depth < 10_000; depth += 1) deep = wrap(deep);
  expect(parseRequest({ release, ext: { deep } }, clock)).toMatchObject({
    ok: false,
    code: "input-too-large",
    issues: [{ message: "more than 64 levels deep" }],
  });
});

test("many small values are refused in sum", () => {
  const row = Array.from({ length: 10_000 }, () => 0);
  const ext = { rows: Array.from({ length: 1_000 }, () => row) };
  expect(parseRequest({ release, ext }, clock)).toMatchObject({
    ok: false,
    code: "input-too-large",
    issues: [{ message: "more than 200000 values" }],
  });
});

test("a mapping stands for signals until the signals take its place", () => {
  const mapping = { name: "prometheus-http", answers: { up: { at_ms: arbitraryNowMs * 1_000 } } };
  const slos = [{ id: "availability", signal: "errors", objective_ratio: 0.999 }];
  const parsed = parseRequest({ release, health: { mapping, slos } }, clock);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  expect(parsed.request.health).toEqual({ mapping, slos, signals: [] });

  const signal = {
    ...errors,
    sli: "availability" as const,
    service: "checkout",
    population: "candidate" as const,
    status: "ok" as const,
  };
  const resolved = withSignals(
    parsed.request,
    { collected_at_ms: arbitraryNowMs, signals: [signal] },
    clock,
  );
  expect(resolved.ok && resolved.request.health).toEqual({
    collected_at_ms: arbitraryNowMs,
    slos,
    signals: [signal],
  });
  expect(
    issuesOf(withSignals(parsed.request, { signals: [{ ...signal, bad: 2_000 }] }, clock)),
  ).toEqual({ "/health/signals/0/bad": "2000 bad events out of 1000" });
  expect(issuesOf(withSignals(parsed.request, { signals: [] }, clock))).toEqual({
    "/health/slos/0/signal": "no signal has the id `errors`",
  });
});

test("signals and a mapping exclude each other", () => {
  const mapping = { name: "prometheus-http", answers: {} };
  expect(refuse({ release, health: { mapping, signals: [errors] } })).toEqual({
    "/health/mapping": "signals come from `mapping` or from `signals`, not from both",
  });
});

test("every generated request is accepted, and parsing it again changes nothing", () => {
  fc.assert(
    fc.property(arbitraryRequest, (raw) => {
      const parsed = parseRequest(raw, clock);
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
      const text = canonicalJson(parsed.request);
      const again = parseRequest(JSON.parse(text), clock);
      expect(again.ok && canonicalJson(again.request)).toBe(text);
    }),
    { numRuns: 200 },
  );
});

test("anything at all is parsed or refused with issues, never thrown at", () => {
  fc.assert(
    fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true }), (raw) => {
      for (const part of [raw, { release: raw }, { release, health: raw }, { release, ext: raw }]) {
        const parsed = parseRequest(part, clock);
        expect(parsed.ok || parsed.issues.length > 0).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});

test("one broken value in a valid request is found where it is", () => {
  fc.assert(
    fc.property(arbitraryRequest, fc.nat(), fc.constantFrom({}, Number.NaN), (raw, pick, bad) => {
      const copy = structuredClone(raw) as JsonValue;
      const leaves = [...listLeaves(copy, "", true)];
      const leaf = leaves[pick % leaves.length];
      if (leaf === undefined) return;
      leaf.replace(bad);
      expect(refuse(copy)).toHaveProperty([leaf.pointer]);
    }),
    { numRuns: 200 },
  );
});

interface Leaf {
  readonly pointer: string;
  readonly replace: (value: unknown) => void;
}

/** Every single value but those of `ext`, where anything goes. */
function* listLeaves(value: unknown, pointer: string, isTop = false): Generator<Leaf> {
  for (const [key, member] of Object.entries(value as Record<string, unknown>)) {
    if (isTop && key === "ext") continue;
    const path = `${pointer}/${key}`;
    if (typeof member === "object" && member !== null) yield* listLeaves(member, path);
    else {
      const replace = (other: unknown) => {
        (value as Record<string, unknown>)[key] = other;
      };
      yield { pointer: path, replace };
    }
  }
}

test("the parser that is generated of the schema answers as the schema itself does", () => {
  const compiled = z.compile(decisionRequestSchema, { strict: true });
  const replaced = fc.tuple(fc.nat(), fc.jsonValue());
  let refusedCount = 0;
  fc.assert(
    fc.property(arbitraryRequest, fc.array(replaced, { maxLength: 2 }), (wire, replacements) => {
      const raw = structuredClone(wire);
      for (const [place, value] of replacements) replaceAt(raw, place, value);
      const generated = compiled.safeParse(raw, { error: describeIssue });
      const walked = decisionRequestSchema.safeParse(raw, { error: describeIssue });
      refusedCount += walked.success ? 0 : 1;
      expect(generated.data).toEqual(walked.data);
      expect(generated.error?.issues).toEqual(walked.error?.issues);
    }),
    { numRuns: 500 },
  );
  expect(refusedCount).toBeGreaterThan(50);
});

/** Puts `value` in the place of one value somewhere in `document`. */
function replaceAt(document: Record<string, unknown>, place: number, value: unknown): void {
  const places: [container: Record<string, unknown>, key: string][] = [];
  const collect = (container: Record<string, unknown>): void => {
    for (const [key, member] of Object.entries(container)) {
      places.push([container, key]);
      if (typeof member === "object" && member !== null) collect(member as Record<string, unknown>);
    }
  };
  collect(document);
  const [container, key] = places[place % places.length] ?? [document, "release"];
  container[key] = value;
}
