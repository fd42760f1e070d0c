import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { healthyRequest, type RequestDocument, tenLineRequest } from "./requests.ts";
import { type AskOptions, type StartedApp, startApp } from "./started-app.ts";

const refusedWithinMs = 5_000;
const jsonType = { "content-type": "application/json" };

let server: StartedApp;

beforeAll(async () => {
  server = await startApp();
});

afterAll(() => server.close());

/** Whatever was refused before, a good request is answered. */
afterEach(async () => {
  const { status } = await server.ask("POST", "/v1/decisions", { json: healthyRequest() });
  if (status !== 200) throw new Error(`a good request was answered with ${String(status)}`);
});

/** The ten-line request with something wrong in it. */
function spoil(change: (request: RequestDocument) => void): string {
  const request = tenLineRequest();
  change(request);
  return JSON.stringify(request);
}

function spoilSignal(members: Record<string, unknown>): string {
  return spoil((request) => Object.assign(request.health.signals[0] ?? {}, members));
}

async function expectRefusal(
  options: AskOptions,
  expected: { status: number; code: string; pointer?: string },
): Promise<void> {
  const startMs = performance.now();
  const { status, json } = await server.ask("POST", "/v1/decisions", options);
  expect(performance.now() - startMs).toBeLessThan(refusedWithinMs);
  expect([status, json["code"]]).toEqual([expected.status, expected.code]);
  expect(json).not.toHaveProperty("verdict");
  if (expected.pointer === undefined) return;
  const errors = json["errors"] as { pointer: string; message: string }[];
  expect(errors.map(({ pointer }) => pointer)).toContain(expected.pointer);
  for (const { message } of errors) expect(message.length).toBeLessThan(500);
}

describe("what is not JSON", () => {
  test.each([
    ["nothing", ""],
    ["half of it", '{"release": {"service": "check'],
    ["more than one value", "{} {}"],
    ["a comment", '{"a": 1} // b'],
    ["NaN", '{"value": NaN}'],
    ["a number beyond the doubles", '{"value": 1e400}'],
    ["an integer beyond 2^53", '{"value": 9007199254740993}'],
    ["a lone surrogate", '{"value": "\\ud800"}'],
    ["a control character", '{"value": "\u0000"}'],
  ])("%s", async (_what, body) => {
    await expectRefusal({ body, headers: jsonType }, { status: 400, code: "malformed-json" });
  });

  test.each([
    ["a member twice", '{"release": {"service": "a", "service": "b"}}', "/release/service"],
    ["__proto__", '{"release": {"__proto__": {"service": "a"}}}', "/release/__proto__"],
  ])("%s", async (_what, body, pointer) => {
    const expected = { status: 400, code: "malformed-json", pointer };
    await expectRefusal({ body, headers: jsonType }, expected);
  });

  test("bytes that are not UTF-8", async () => {
    const body = Uint8Array.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]);
    await expectRefusal({ body, headers: jsonType }, { status: 400, code: "malformed-json" });
  });
});

describe("what is no request", () => {
  test.each(["null", "true", "42", '"allow"', "[]"])("%s", async (body) => {
    const expected = { status: 422, code: "invalid-request", pointer: "" };
    await expectRefusal({ body, headers: jsonType }, expected);
  });

  test.each([
    ["nothing in it", "{}", "/release"],
    ["a wrong type", spoil((r) => Object.assign(r, { release: [] })), "/release"],
    ["an unknown key", spoil((r) => Object.assign(r, { realease: {} })), "/realease"],
    ["a string for a count", spoilSignal({ bad: "30" }), "/health/signals/0/bad"],
    ["NaN as a string", spoilSignal({ value: "NaN" }), "/health/signals/0/value"],
    ["a negative count", spoilSignal({ bad: -1 }), "/health/signals/0/bad"],
    ["half an event", spoilSignal({ bad: 1.5 }), "/health/signals/0/bad"],
    ["more bad than there are", spoilSignal({ bad: 1001 }), "/health/signals/0/bad"],
    ["an unknown word", spoilSignal({ sli: "availabilty" }), "/health/signals/0/sli"],
    ["a signal twice", spoilSignal({ population: "stable" }), "/health/signals/1"],
    [
      "control characters in a name",
      spoil((r) => Object.assign(r.release, { service: "a\nb" })),
      "/release/service",
    ],
  ])("%s", async (_what, body, pointer) => {
    const expected = { status: 422, code: "invalid-request", pointer };
    await expectRefusal({ body, headers: jsonType }, expected);
  });

  test("a time in the future", async () => {
    const body = spoil((request) =>
      Object.assign(request.health, { collected_at_ms: Date.now() + 3_600_000 }),
    );
    const expected = { status: 422, code: "clock-skew", pointer: "/health/collected_at_ms" };
    await expectRefusal({ body, headers: jsonType }, expected);
  });
});

describe("what is too much", () => {
  test("100,000 signals", async () => {
    const signals = Array.from({ length: 100_000 }, (_, i) => ({ id: `s${String(i)}`, value: 1 }));
    const body = spoil((request) => Object.assign(request.health, { signals }));
    await expectRefusal({ body, headers: jsonType }, { status: 413, code: "input-too-large" });
  });

  test("100,000 signals that fit into the bytes", async () => {
    const body = `{"release":{},"health":{"signals":[${"{},".repeat(99_999)}{}]}}`;
    await expectRefusal({ body, headers: jsonType }, { status: 413, code: "input-too-large" });
  });

  test.each([10_000, 500_000])("depth %i", async (depth) => {
    const body = "[".repeat(depth) + "]".repeat(depth);
    await expectRefusal({ body, headers: jsonType }, { status: 413, code: "input-too-large" });
  });

  test("50 MB", async () => {
    const body = `{"release": "${"x".repeat(50_000_000)}"}`;
    await expectRefusal({ body, headers: jsonType }, { status: 413, code: "input-too-large" });
  });

  test("a string of 900,000 characters is refused without being repeated", async () => {
    const body = spoil((request) =>
      Object.assign(request.release, { service: "x".repeat(900_000) }),
    );
    const expected = { status: 422, code: "invalid-request", pointer: "/release/service" };
    await expectRefusal({ body, headers: jsonType }, expected);
  });
});

describe("what is not said to be JSON", () => {
  const body = JSON.stringify(healthyRequest());

  test.each([
    { "content-type": "text/plain" },
    { "content-type": "application/x-www-form-urlencoded" },
    { "content-type": "application/json", "content-encoding": "gzip" },
    { "content-type": "application/json; charset=latin1" },
  ])("%j", async (headers) => {
    await expectRefusal({ body, headers }, { status: 415, code: "unsupported-media-type" });
  });
});

describe("whatever comes", () => {
  const routes = ["/v1/decisions", "/v1/bundles", "/v1/snapshots/prometheus-http"];
  const types = ["application/json", "application/gzip", "text/plain", ""];

  test("bytes never make Belay fail", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...routes),
        fc.constantFrom(...types),
        fc.uint8Array({ maxLength: 300 }),
        async (path, type, bytes) => {
          const { status } = await server.ask("POST", path, {
            body: Uint8Array.from(bytes),
            headers: { "content-type": type },
          });
          expect(status).toBeGreaterThanOrEqual(400);
          expect(status).toBeLessThan(500);
        },
      ),
      { numRuns: 100 },
    );
  });

  test("JSON never makes Belay fail", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...routes), fc.jsonValue(), async (path, json) => {
        const { status } = await server.ask("POST", path, { json });
        expect(status).toBeGreaterThanOrEqual(400);
        expect(status).toBeLessThan(500);
      }),
      { numRuns: 100 },
    );
  });

  test("a request with one part replaced is decided or refused with places", async () => {
    const paths = listPaths(tenLineRequest());
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), fc.jsonValue(), async (path, value) => {
        const json = replaceAt(tenLineRequest(), path, value);
        const { status, json: answer } = await server.ask("POST", "/v1/decisions", { json });
        expect([200, 400, 413, 422]).toContain(status);
        const places = (answer["errors"] as unknown[] | undefined)?.length ?? 0;
        expect(places > 0).toBe(status !== 200);
      }),
      { numRuns: 100 },
    );
  });

  test("paths, methods and queries never make Belay fail", async () => {
    const method = fc.constantFrom(
      "GET",
      "HEAD",
      "POST",
      "PUT",
      "DELETE",
      "PATCH",
      "OPTIONS",
      "FOO",
    );
    const segment = fc.constantFrom(
      "v1",
      "decisions",
      "bundles",
      "channels",
      "..",
      "%00",
      "%",
      "*",
      ":id",
    );
    await fc.assert(
      fc.asyncProperty(
        method,
        fc.array(fc.oneof(segment, fc.webSegment()), { maxLength: 5 }),
        fc.webQueryParameters(),
        async (verb, segments, query) => {
          const response = await server.app.request(`/${segments.join("/")}?${query}`, {
            method: verb,
          });
          expect(response.status).toBeLessThan(500);
        },
      ),
      { numRuns: 200 },
    );
  });
});

type Path = readonly (string | number)[];

function listPaths(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const inner = Array.isArray(value)
    ? value.flatMap((element, index) => listPaths(element, [...path, index]))
    : Object.entries(value).flatMap(([key, member]) => listPaths(member, [...path, key]));
  return [path, ...inner];
}

function replaceAt(document: unknown, path: Path, value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const copy = (Array.isArray(document) ? [...document] : { ...(document as object) }) as Record<
    string | number,
    unknown
  >;
  copy[key] = replaceAt(copy[key], rest, value);
  return copy;
}
