import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { healthyRequest } from "./requests.ts";
import { type StartedApp, startApp } from "./started-app.ts";

let server: StartedApp;
let decidedBefore: string;

beforeAll(async () => {
  server = await startApp();
  const { headers } = await server.ask("POST", "/v1/decisions", { json: healthyRequest() });
  decidedBefore = headers.get("belay-decision-id") ?? "";
  // Somebody else writes to the record: the writer notices at its next commit, and seals itself.
  const intruder = new DatabaseSync(join(server.directory, "record.sqlite"));
  intruder.exec("INSERT INTO heads VALUES (1000000, zeroblob(32), zeroblob(8))");
  intruder.close();
});

afterAll(() => server.close());

test("what cannot be put on record is not answered, and a gate reads that a human is asked", async () => {
  for (let attempt = 0; attempt < 3; attempt++) {
    const { status, headers, json } = await server.ask("POST", "/v1/decisions", {
      json: healthyRequest(),
    });
    expect(status).toBe(503);
    expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
    expect(headers.get("belay-decision-id")).toBeNull();
    expect(json).toMatchObject({ code: "log-sealed", verdict: "escalate", logged: false });
    expect(json).not.toHaveProperty("record");
  }
});

test("the server says that it is not ready, and why; it is alive", async () => {
  const { status, json } = await server.ask("GET", "/readyz");
  expect([status, json["ready"]]).toEqual([503, false]);
  expect(json["reasons"]).toEqual([expect.stringContaining("somebody else has written")]);
  expect((await server.ask("GET", "/livez")).status).toBe(200);
  const metrics = await server.app.request("/metrics");
  expect((await metrics.text()).split("\n")).toContain("belay_ready 0");
});

test("nothing else is written either, and reading goes on", async () => {
  const { revision } = await server.belay.loadChannel("production");
  const moved = await server.ask("PUT", "/v1/channels/staging", { json: { revision } });
  expect([moved.status, moved.json["code"]]).toEqual([503, "log-sealed"]);
  const read = await server.ask("GET", `/v1/decisions/${decidedBefore}`);
  expect([read.status, read.json["verdict"]]).toEqual([200, "allow"]);
  const replayed = await server.ask("POST", `/v1/decisions/${decidedBefore}/replay`);
  expect([replayed.status, replayed.json["same"]]).toEqual([200, true]);
});
