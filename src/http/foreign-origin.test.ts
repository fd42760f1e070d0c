import { Hono } from "hono";
import { describe, expect, test } from "vitest";
import type { AppEnv } from "./app-env.ts";
import { refuseForeignOrigin } from "./foreign-origin.ts";
import { createProblem } from "./problem.ts";

function createGuarded(hostNames: readonly string[] | "any" = []): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.onError((error, c) => c.json({}, createProblem(error, { requestId: "r" }).status as 403));
  app.use(refuseForeignOrigin(hostNames));
  app.all("/", (c) => c.json({ ok: true }));
  return app;
}

async function statusOf(
  app: Hono<AppEnv>,
  url: string,
  method: string,
  headers: Record<string, string> = {},
): Promise<number> {
  return (await app.request(url, { method, headers })).status;
}

const local = "http://127.0.0.1:8080/";

describe("host names", () => {
  test.each([
    "http://localhost/",
    "http://belay.localhost:80/",
    "http://127.0.0.1/",
    "http://127.9.9.9/",
    "http://[::1]:8080/",
  ])("%s is this machine", async (url) => {
    expect(await statusOf(createGuarded(), url, "GET")).toBe(200);
  });

  test.each([
    "http://evil.example/",
    "http://127.0.0.1.evil.example/",
    "http://localhost.evil.example/",
    "http://10.0.0.1/",
  ])("%s is not, whatever it resolves to", async (url) => {
    expect(await statusOf(createGuarded(), url, "GET")).toBe(403);
    expect(await statusOf(createGuarded(), url, "POST")).toBe(403);
  });

  test("further names are a matter of configuration", async () => {
    expect(await statusOf(createGuarded(["belay.internal"]), "http://belay.internal/", "GET")).toBe(
      200,
    );
    expect(await statusOf(createGuarded(["belay.internal"]), "http://other.internal/", "GET")).toBe(
      403,
    );
    expect(await statusOf(createGuarded("any"), "http://other.internal/", "GET")).toBe(200);
  });
});

describe("pages of other sites", () => {
  test.each([
    { origin: "https://evil.example" },
    { origin: "null" },
    { origin: "http://127.0.0.1:9999" },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
  ])("%j may read nothing they could not anyway, and change nothing", async (headers) => {
    expect(await statusOf(createGuarded(), local, "POST", headers)).toBe(403);
    expect(await statusOf(createGuarded(), local, "PUT", headers)).toBe(403);
    expect(await statusOf(createGuarded(), local, "GET", headers)).toBe(200);
  });

  test.each([
    {},
    { origin: "http://127.0.0.1:8080" },
    { "sec-fetch-site": "same-origin" },
    { "sec-fetch-site": "none" },
  ])("%j is one of ours or no page at all", async (headers) => {
    expect(await statusOf(createGuarded(), local, "POST", headers)).toBe(200);
  });
});
