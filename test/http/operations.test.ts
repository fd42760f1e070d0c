import { readFileSync, writeFileSync } from "node:fs";
import { Validator } from "@seriousme/openapi-schema-validator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { healthyRequest } from "./requests.ts";
import { type StartedApp, startApp } from "./started-app.ts";

let server: StartedApp;

beforeAll(async () => {
  server = await startApp();
});

afterAll(() => server.close());

describe("the description of itself", () => {
  test("is valid OpenAPI 3.1", async () => {
    expect(server.document.openapi).toMatch(/^3\.1\./);
    const { valid, errors } = await new Validator().validate(structuredClone(server.document));
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
  });

  test("has not changed unnoticed (UPDATE_GOLDEN=1 rewrites)", () => {
    const golden = new URL("fixtures/openapi.json", import.meta.url);
    const text = `${JSON.stringify(server.document, null, 2)}\n`;
    if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(golden, text);
    expect(JSON.parse(readFileSync(golden, "utf8"))).toEqual(JSON.parse(text));
  });

  test("names every operation once, and tells what it may refuse with", () => {
    const operations = Object.values(server.document.paths).flatMap((item) => Object.values(item));
    const ids = operations.map((operation) => (operation as { operationId?: string }).operationId);
    expect(ids.length).toBeGreaterThan(15);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).not.toContain(undefined);
  });

  test("the page for people needs no script and nothing from elsewhere", async () => {
    const page = await server.ask("GET", "/docs");
    expect(page.status).toBe(200);
    expect(page.headers.get("content-type")).toContain("text/html");
    const policy = page.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|http:|https:|\*|script-src/);
    expect(page.text).not.toMatch(/<script|<style|style=|javascript:|onload=/i);
    const addresses = [...page.text.matchAll(/(?:href|src)="([^"]*)"/g)].map((match) => match[1]);
    const outside = addresses.filter((address) => !address?.startsWith("#"));
    expect(new Set(outside)).toEqual(new Set(["/docs/reference.css", "/openapi.json"]));
    for (const path of outside) {
      expect([path, (await server.ask("GET", path ?? "")).status]).toEqual([path, 200]);
    }
  });

  test("every link of the page leads somewhere, and every route and schema is on it", async () => {
    const { text } = await server.ask("GET", "/docs");
    const anchors = new Set([...text.matchAll(/ id="([^"]*)"/g)].map((match) => match[1]));
    const links = [...text.matchAll(/href="#([^"]*)"/g)].map((match) => match[1]);
    expect(links.length).toBeGreaterThan(50);
    expect(links.filter((link) => !anchors.has(link))).toEqual([]);
    for (const path of Object.keys(server.document.paths)) expect(text).toContain(path);
    for (const name of Object.keys(server.document.components.schemas)) {
      expect(anchors).toContain(`schema-${name}`);
    }
  });

  test.each(["/docs", "/docs/reference.css", "/openapi.json"])(
    "%s is not sent twice to one who has it",
    async (path) => {
      const etag = (await server.ask("GET", path)).headers.get("etag") ?? "";
      const again = await server.ask("GET", path, { headers: { "if-none-match": etag } });
      expect([again.status, again.text]).toEqual([304, ""]);
    },
  );
});

describe("operations", () => {
  test("alive and ready, with the revision in force", async () => {
    expect((await server.ask("GET", "/livez")).json).toEqual({ alive: true });
    const { revision } = await server.belay.loadChannel("production");
    const ready = await server.ask("GET", "/readyz");
    expect([ready.status, ready.json]).toEqual([200, { ready: true, reasons: [], revision }]);
  });

  test("metrics count requests by route and decisions by verdict", async () => {
    await server.ask("POST", "/v1/decisions", { json: healthyRequest() });
    await server.ask("GET", "/v1/decisions/one-of-many");
    await server.ask("GET", "/somewhere/else");
    const response = await server.app.request("/metrics");
    expect(response.headers.get("content-type")).toContain("text/plain; version=0.0.4");
    const text = await response.text();
    const { treeSize } = await server.belay.readHead();
    for (const line of [
      'belay_decisions_total{verdict="allow",question="continue"} 1',
      'belay_http_requests_total{method="POST",route="/v1/decisions",status="200"} 1',
      'belay_http_requests_total{method="GET",route="/v1/decisions/{id}",status="404"} 1',
      'belay_http_requests_total{method="GET",route="none",status="404"} 1',
      "belay_decisions_waiting 0",
      "belay_decision_duration_seconds_count 1",
      "belay_ready 1",
      "belay_threads 1",
      `belay_record_tree_size ${String(treeSize)}`,
    ]) {
      expect(text.split("\n")).toContain(line);
    }
    expect(text).toContain("nodejs_eventloop_lag_p99_seconds");
    expect(text).toContain("process_resident_memory_bytes");
    expect(text).not.toContain("one-of-many");
  });
});

describe("any answer", () => {
  test("forbids sniffing, framing and scripts", async () => {
    for (const path of ["/", "/readyz", "/nowhere", "/docs", "/v1/decisions?limit=0"]) {
      const { headers } = await server.ask("GET", path);
      expect([path, headers.get("x-content-type-options")]).toEqual([path, "nosniff"]);
      expect(headers.get("x-frame-options")).toBe("DENY");
      expect(headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(headers.get("x-powered-by")).toBeNull();
      expect(headers.get("access-control-allow-origin")).toBeNull();
    }
  });

  test("names its request: the caller's name for it, or one of ours", async () => {
    const named = await server.ask("GET", "/nowhere", { headers: { "x-request-id": "gate-7" } });
    expect(named.headers.get("x-request-id")).toBe("gate-7");
    expect(named.json["instance"]).toBe("urn:belay:request:gate-7");
    for (const name of ["a b", "<script>", "x".repeat(129)]) {
      const { headers } = await server.ask("GET", "/livez", { headers: { "x-request-id": name } });
      expect(headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  test("to an unknown route is a problem", async () => {
    const { status, json } = await server.ask("GET", "/v2/decisions");
    expect([status, json["code"]]).toEqual([404, "route-not-found"]);
  });

  test("to a wrong method names the right ones", async () => {
    const { status, json, headers } = await server.ask("DELETE", "/v1/channels/production");
    expect([status, json["code"]]).toEqual([405, "method-not-allowed"]);
    expect(headers.get("allow")?.split(", ").sort()).toEqual(["GET", "HEAD", "OPTIONS", "PUT"]);
  });

  test("to OPTIONS has the methods, to HEAD no body", async () => {
    const options = await server.app.request("/v1/decisions", { method: "OPTIONS" });
    expect([options.status, options.headers.get("allow")]).toEqual([
      204,
      "POST, GET, HEAD, OPTIONS",
    ]);
    const head = await server.app.request("/v1/decisions", { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
  });

  test("to a page of another site is a refusal", async () => {
    const forged = await server.ask("POST", "/v1/channels/production/revert", {
      headers: { origin: "https://evil.example" },
    });
    expect([forged.status, forged.json["code"]]).toEqual([403, "foreign-origin"]);
    const rebound = await server.app.request("http://evil.example/v1/decisions");
    expect(rebound.status).toBe(403);
  });
});

describe("the access log", () => {
  test("has one line a request, and of a decision its id and verdict", async () => {
    const before = server.logLines.length;
    const { headers } = await server.ask("POST", "/v1/decisions", {
      json: healthyRequest(),
      headers: { "x-request-id": "logged-1", authorization: "Bearer hunter2" },
    });
    const lines = server.logLines.slice(before).map((line) => JSON.parse(line) as object);
    expect(lines).toEqual([
      expect.objectContaining({
        level: 30,
        request_id: "logged-1",
        method: "POST",
        route: "/v1/decisions",
        status: 200,
        verdict: "allow",
        decision_id: headers.get("belay-decision-id"),
        repeated: false,
      }),
    ]);
    expect(JSON.stringify(lines)).not.toMatch(/hunter2|signals|2\.4\.0/);
  });

  test("has the code of a refusal, and no line that came from outside", async () => {
    const before = server.logLines.length;
    await server.ask("GET", '/x%0a{"level":60,"msg":"forged"}?secret=hunter2', {
      headers: { "user-agent": `curl\t{"level":60}${"x".repeat(1000)}` },
    });
    const lines = server.logLines.slice(before);
    expect(lines).toHaveLength(1);
    const line = JSON.parse(lines[0] ?? "") as Record<string, string | number>;
    expect(line).toMatchObject({ level: 30, status: 404, route: "none", code: "route-not-found" });
    expect(String(line["user_agent"]).length).toBeLessThanOrEqual(200);
    expect(lines[0]).not.toContain("hunter2");
  });

  test("keeps quiet about probes", async () => {
    const before = server.logLines.length;
    await server.ask("GET", "/livez");
    await server.ask("GET", "/readyz");
    const levels = server.logLines
      .slice(before)
      .map((line) => (JSON.parse(line) as { level: number }).level);
    expect(levels).toEqual([20, 20]);
  });
});
