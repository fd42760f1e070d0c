import { afterAll, beforeAll, expect, test } from "vitest";
import { type StartedApp, startApp } from "./started-app.ts";

let server: StartedApp;

beforeAll(async () => {
  server = await startApp();
});

afterAll(() => server.close());

test("answers that are missing become signals without evidence, never zero", async () => {
  const { status, json } = await server.ask("POST", "/v1/snapshots/prometheus-http", {
    json: { service: "checkout", answers: {} },
  });
  expect(status).toBe(200);
  const signals = json["signals"] as { status: string; value?: number; bad?: number }[];
  expect(signals.length).toBeGreaterThan(0);
  for (const { status: of, value, bad } of signals) {
    expect(of).not.toBe("ok");
    expect([value, bad]).toEqual([undefined, undefined]);
  }
});

test("a mapping that is not there is not found, and the answer says which are", async () => {
  const { status, json } = await server.ask("POST", "/v1/snapshots/nowhere", {
    json: { service: "checkout", answers: {} },
  });
  expect([status, json["code"]]).toEqual([404, "mapping-not-found"]);
  expect(json["detail"]).toContain("prometheus-http");
});

test.each([
  [{ service: "checkout" }, "/answers"],
  [{ answers: {} }, "/service"],
  [{ service: "checkout", answers: [] }, "/answers"],
  [{ service: "checkout", answers: {}, query: "up" }, "/query"],
])("%j is no snapshot request", async (body, pointer) => {
  const { status, json } = await server.ask("POST", "/v1/snapshots/prometheus-http", {
    json: body,
  });
  expect(status).toBe(422);
  expect(json["errors"]).toEqual([expect.objectContaining({ pointer })]);
});
