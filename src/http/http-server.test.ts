import { request as httpRequest } from "node:http";
import { connect, type Socket } from "node:net";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { OpenAPIHono } from "@hono/zod-openapi";
import { pino } from "pino";
import { afterEach, describe, expect, test } from "vitest";
import type { AppEnv } from "./app-env.ts";
import type { HttpApp } from "./http-app.ts";
import { type HttpServerOptions, type RunningHttpServer, startHttpServer } from "./http-server.ts";
import { createBodyReader, jsonMediaType } from "./request-body.ts";

const logger = pino({ level: "silent" });
const running: RunningHttpServer[] = [];
const loopback = { host: "127.0.0.1", address: "127.0.0.1", port: 0 };

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop(0)));
});

async function start(
  app: HttpApp,
  options: Partial<HttpServerOptions> = {},
): Promise<RunningHttpServer> {
  const server = await startHttpServer({
    app,
    place: loopback,
    isShared: false,
    logger,
    ...options,
  });
  running.push(server);
  return server;
}

function createApp(): HttpApp {
  const app: HttpApp = new OpenAPIHono<AppEnv>();
  const bodies = createBodyReader({ heldBytesMax: 10_000_000, timeoutMs: 300 });
  app.onError((error, c) => c.json({ message: error.message }, 418));
  app.get("/", (c) => c.json({ ok: true }));
  app.post("/", (c) =>
    bodies.read(c, { mediaTypes: [jsonMediaType], bytesMax: 1_000_000 }, ({ bytes }) =>
      c.json({ length: bytes.length }),
    ),
  );
  return app;
}

/** Sends bytes as they are and answers all that comes back until the connection ends. */
async function exchange(server: RunningHttpServer, ...parts: readonly string[]): Promise<string> {
  const socket = await open(server);
  for (const part of parts) socket.write(part);
  return text(socket);
}

function open(server: RunningHttpServer): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, "127.0.0.1", () => resolve(socket));
    socket.on("error", reject);
  });
}

function problemOf(answer: string): Record<string, unknown> {
  return JSON.parse(answer.slice(answer.indexOf("\r\n\r\n") + 4)) as Record<string, unknown>;
}

describe("where it listens", () => {
  test("the answer names the address and the port", async () => {
    const server = await start(createApp());
    expect(server.url).toBe(`http://127.0.0.1:${String(server.port)}`);
    expect((await fetch(server.url)).status).toBe(200);
  });

  test("a port that is taken is said to be", async () => {
    const { port } = await start(createApp());
    await expect(start(createApp(), { place: { ...loopback, port } })).rejects.toMatchObject({
      code: "address-in-use",
      message: `\`127.0.0.1:${String(port)}\` is taken`,
    });
  });

  test("a port that is shared is served by all that share it", async () => {
    const first = await start(createApp(), { isShared: true });
    const place = { ...loopback, port: first.port };
    const second = await start(createApp(), { isShared: true, place });
    expect(second.url).toBe(first.url);
    await first.stop(0);
    expect((await fetch(second.url)).status).toBe(200);
  });
});

describe("what is not HTTP", () => {
  test.each([
    ["garbage", "\u0000\u0001\u0002\r\n\r\n", 400, "malformed-http"],
    ["no host", "GET / HTTP/1.1\r\nConnection: close\r\n\r\n", 400, "malformed-http"],
    [
      "two lengths",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
      400,
      "malformed-http",
    ],
    [
      "length and chunks",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
      400,
      "malformed-http",
    ],
    [
      "a head too large",
      `GET / HTTP/1.1\r\nHost: a\r\nX-Long: ${"x".repeat(20_000)}\r\n\r\n`,
      431,
      "input-too-large",
    ],
    [
      "a host that is none",
      "GET / HTTP/1.1\r\nHost: a b/c\r\nConnection: close\r\n\r\n",
      400,
      "malformed-http",
    ],
  ])("%s is refused with a problem document", async (_what, bytes, status, code) => {
    const server = await start(createApp());
    const answer = await exchange(server, bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${String(status)} `));
    expect(answer).toContain("application/problem+json");
    expect(problemOf(answer)).toMatchObject({ status, code });
    expect((await fetch(server.url)).status).toBe(200);
  });
});

describe("time", () => {
  test("a head that trickles in is refused", async () => {
    const limits = { headersTimeoutMs: 100, requestTimeoutMs: 200 };
    const server = await start(createApp(), { limits });
    const answer = await exchange(server, "GET / HTTP/1.1\r\nHost: a\r\n");
    expect(problemOf(answer)).toMatchObject({ status: 408, code: "request-timeout" });
  });

  test("a body that stalls is refused by the app and its connection ended", async () => {
    const server = await start(createApp());
    const startMs = performance.now();
    const head = `POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: ${jsonMediaType}\r\n`;
    const answer = await exchange(server, `${head}Content-Length: 100\r\n\r\n`, "half");
    expect(answer).toContain("the body did not arrive within 0.3 s");
    expect(performance.now() - startMs).toBeLessThan(5_000);
    expect((await fetch(server.url)).status).toBe(200);
  });

  test("a client that goes away in the middle of its body leaves nothing behind", async () => {
    const server = await start(createApp());
    const socket = await open(server);
    socket.write(
      `POST / HTTP/1.1\r\nHost: a\r\nContent-Type: ${jsonMediaType}\r\nContent-Length: 9\r\n\r\nhalf`,
    );
    await setTimeout(50);
    socket.destroy();
    expect((await fetch(server.url)).status).toBe(200);
  });
});

describe("size", () => {
  test("50 MB are refused at once, announced or not, and the server goes on", async () => {
    const server = await start(createApp());
    for (const announced of [true, false]) {
      const { status, sentBytes } = await sendLarge(server, announced);
      expect(status).toBe(418);
      expect(sentBytes).toBeLessThan(50_000_000);
      expect((await fetch(server.url)).status).toBe(200);
    }
  });

  test("a connection serves again after a refused body", async () => {
    const server = await start(createApp());
    const headers = { "content-type": jsonMediaType };
    const refused = await fetch(server.url, {
      method: "POST",
      headers,
      body: "x".repeat(1_000_001),
    });
    expect(refused.status).toBe(418);
    const taken = await fetch(server.url, { method: "POST", headers, body: "x".repeat(1_000_000) });
    expect(await taken.json()).toEqual({ length: 1_000_000 });
  });
});

/** Writes 50 MB as fast as they are taken, until there is an answer. */
function sendLarge(
  server: RunningHttpServer,
  announced: boolean,
): Promise<{ status: number; sentBytes: number }> {
  return new Promise((resolve, reject) => {
    const chunk = Buffer.alloc(100_000, "x");
    let sentBytes = 0;
    const body = new Readable({
      read() {
        sentBytes += chunk.length;
        this.push(sentBytes > 50_000_000 ? null : chunk);
      },
    });
    const length = announced
      ? { "content-length": 50_000_000 }
      : { "transfer-encoding": "chunked" };
    const headers = { "content-type": jsonMediaType, ...length };
    const request = httpRequest(server.url, { method: "POST", agent: false, headers });
    request.on("error", reject);
    request.on("response", (response) => {
      body.destroy();
      response.resume();
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, sentBytes });
        request.destroy();
      });
    });
    body.pipe(request);
  });
}

describe("stopping", () => {
  test("answers what was taken, takes nothing more, and ends idle connections", async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const { promise: taken, resolve: take } = Promise.withResolvers<void>();
    const app = createApp();
    app.get("/slow", async (c) => {
      take();
      await released;
      return c.json({ slow: true });
    });
    const server = await start(app);
    expect((await fetch(server.url)).status).toBe(200);
    const slow = fetch(`${server.url}/slow`);
    await taken;
    const stopped = server.stop(10_000);
    await expect(open(server)).rejects.toMatchObject({ code: "ECONNREFUSED" });
    release();
    const answer = await slow;
    expect(answer.headers.get("connection")).toBe("close");
    expect(await answer.json()).toEqual({ slow: true });
    await stopped;
    await server.stop(0);
  });

  test("cuts off what is not answered within its grace", async () => {
    const { promise: taken, resolve: take } = Promise.withResolvers<void>();
    const app = createApp();
    app.get("/never", () => {
      take();
      return new Promise<Response>(() => {});
    });
    const server = await start(app);
    const outcome = fetch(`${server.url}/never`).then(
      () => "answered",
      () => "cut off",
    );
    await taken;
    const startMs = performance.now();
    await server.stop(100);
    expect(performance.now() - startMs).toBeLessThan(5_000);
    expect(await outcome).toBe("cut off");
  });
});
