import { setTimeout } from "node:timers/promises";
import { Hono } from "hono";
import { describe, expect, test } from "vitest";
import { jsonLimits } from "../base/json-text.ts";
import type { AppEnv } from "./app-env.ts";
import { createProblem } from "./problem.ts";
import {
  type BodyReaderOptions,
  createBodyReader,
  jsonMediaType,
  parseJsonBody,
} from "./request-body.ts";

const bytesMax = 1_000;

/** An app that answers with what it read; `hold` keeps a body in use until it resolves. */
function createEcho(
  options: Partial<BodyReaderOptions> = {},
  hold: () => Promise<void> = async () => {},
): Hono<AppEnv> {
  const bodies = createBodyReader({ heldBytesMax: 10_000, timeoutMs: 1_000, ...options });
  const app = new Hono<AppEnv>();
  app.onError((error, c) => {
    const { status, document } = createProblem(error, { requestId: "r" });
    return c.json(document, status as 400);
  });
  app.post("/", (c) =>
    bodies.read(c, { mediaTypes: [jsonMediaType], bytesMax }, async (body) => {
      await hold();
      return c.json({ length: body.bytes.length });
    }),
  );
  app.post("/json", (c) =>
    bodies.read(c, { mediaTypes: [jsonMediaType], bytesMax }, (body) =>
      c.json({ value: parseJsonBody(body, { ...jsonLimits, depthMax: 3 }) }),
    ),
  );
  return app;
}

async function post(
  app: Hono<AppEnv>,
  body: NonNullable<RequestInit["body"]>,
  headers: Record<string, string> = { "content-type": jsonMediaType },
  path = "/",
): Promise<{ status: number; document: Record<string, unknown> }> {
  const init = { method: "POST", body, headers, duplex: "half" } as RequestInit;
  const response = await app.request(path, init);
  return { status: response.status, document: (await response.json()) as Record<string, unknown> };
}

/** A body without an end, in small chunks; counts what was asked of it. */
function createEndless(): { stream: ReadableStream<Uint8Array>; readBytes: () => number } {
  let readBytes = 0;
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      readBytes += 100;
      controller.enqueue(new Uint8Array(100));
    },
  });
  return { stream, readBytes: () => readBytes };
}

describe("size", () => {
  test("a body at the limit is read, one byte more is refused", async () => {
    const app = createEcho();
    expect(await post(app, "x".repeat(bytesMax))).toEqual({
      status: 200,
      document: { length: bytesMax },
    });
    const refused = await post(app, "x".repeat(bytesMax + 1));
    expect(refused.status).toBe(413);
    expect(refused.document).toMatchObject({ code: "input-too-large", limit_bytes: bytesMax });
  });

  test("an announced size beyond the limit is refused without reading", async () => {
    const endless = createEndless();
    const { status } = await post(createEcho(), endless.stream, {
      "content-type": jsonMediaType,
      "content-length": "50000000",
    });
    expect(status).toBe(413);
    expect(endless.readBytes()).toBeLessThanOrEqual(200);
  });

  test("a body without end is refused at the limit", async () => {
    const endless = createEndless();
    const { status } = await post(createEcho(), endless.stream);
    expect(status).toBe(413);
    expect(endless.readBytes()).toBeLessThanOrEqual(bytesMax + 300);
  });

  test("bodies held at one time are bounded, and the room comes back", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const app = createEcho({ heldBytesMax: 2 * bytesMax }, () => promise);
    const large = "x".repeat(bytesMax);
    const held = [post(app, large), post(app, large)];
    await setTimeout(20);
    const refused = await post(app, "x");
    expect(refused.status).toBe(503);
    expect(refused.document).toMatchObject({ code: "overloaded", verdict: "escalate" });
    resolve();
    expect((await Promise.all(held)).map(({ status }) => status)).toEqual([200, 200]);
    expect((await post(app, large)).status).toBe(200);
  });

  test("who announces much and sends nothing takes no room", async () => {
    const app = createEcho({ heldBytesMax: 2 * bytesMax, timeoutMs: 100 });
    const silent = Array.from({ length: 10 }, () =>
      post(app, new ReadableStream(), { "content-type": jsonMediaType }),
    );
    await setTimeout(20);
    expect((await post(app, "x".repeat(bytesMax))).status).toBe(200);
    expect((await Promise.all(silent)).map(({ status }) => status)).toEqual(Array(10).fill(408));
  });

  test("room comes back from refused bodies as well", async () => {
    const app = createEcho({ heldBytesMax: bytesMax });
    for (let i = 0; i < 5; i++) expect((await post(app, "x".repeat(1_001))).status).toBe(413);
    expect((await post(app, "x")).status).toBe(200);
  });
});

describe("time", () => {
  test("a body that stalls is refused when its time is over", async () => {
    const stalled = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new Uint8Array(10));
      },
    });
    const { status, document } = await post(createEcho({ timeoutMs: 50 }), stalled);
    expect([status, document["code"]]).toEqual([408, "request-timeout"]);
  });

  test("a body that breaks off is refused", async () => {
    const broken = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.error(new Error("gone"));
      },
    });
    const { status, document } = await post(createEcho(), broken);
    expect([status, document["code"]]).toEqual([400, "malformed-http"]);
  });
});

describe("content type", () => {
  test.each([
    "application/json",
    "APPLICATION/JSON",
    "application/json; charset=utf-8",
    'application/json;charset="UTF-8"',
  ])("%s is understood", async (type) => {
    expect((await post(createEcho(), "{}", { "content-type": type })).status).toBe(200);
  });

  test.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "application/jsonp",
    "application/json; charset=utf-16",
    "application/json, text/html",
    "",
  ])("`%s` is not, and the answer says what is", async (type) => {
    const { status, document } = await post(createEcho(), "{}", { "content-type": type });
    expect([status, document["code"]]).toEqual([415, "unsupported-media-type"]);
    expect(document["errors"]).toEqual([
      { pointer: "/header/content-type", message: "expected application/json" },
    ]);
  });

  test("no content type at all is refused too", async () => {
    const { status } = await post(createEcho(), new TextEncoder().encode("{}"), {});
    expect(status).toBe(415);
  });

  test("a content encoding is refused, not guessed", async () => {
    const headers = { "content-type": jsonMediaType, "content-encoding": "gzip" };
    expect((await post(createEcho(), "{}", headers)).status).toBe(415);
  });
});

describe("JSON", () => {
  const json = { "content-type": jsonMediaType };

  test("is parsed", async () => {
    const { document } = await post(createEcho(), '{"a":[1]}', json, "/json");
    expect(document).toEqual({ value: { a: [1] } });
  });

  test.each([
    ['{"a":1,"a":2}', 400, "malformed-json", "/a"],
    ['{"a":{"__proto__":1}}', 400, "malformed-json", "/a/__proto__"],
    ["[[[[1]]]]", 413, "input-too-large", "/0/0/0"],
  ])("%s is refused with its place", async (text, status, code, pointer) => {
    const refused = await post(createEcho(), text, json, "/json");
    expect(refused.status).toBe(status);
    expect(refused.document).toMatchObject({ code, errors: [{ pointer }] });
    expect(refused.document["offset"]).toBeGreaterThan(0);
  });
});
