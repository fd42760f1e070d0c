import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningHttpServer, startHttpServer } from "../../src/http/http-server.ts";
import { healthyRequest, tenLineRequest } from "./requests.ts";
import { type StartedApp, startApp } from "./started-app.ts";

let started: StartedApp;
let server: RunningHttpServer;

beforeAll(async () => {
  started = await startApp();
  server = await startHttpServer({
    app: started.app,
    place: { host: "127.0.0.1", address: "127.0.0.1", port: 0 },
    isShared: false,
    logger: pino({ level: "silent" }),
  });
});

afterAll(async () => {
  await server.stop(0);
  await started.close();
});

function post(request: unknown): Promise<Response> {
  return fetch(`${server.url}/v1/decisions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(request),
  });
}

test("decides over a socket", async () => {
  const response = await post(tenLineRequest());
  expect(response.status).toBe(200);
  expect(Number(response.headers.get("content-length"))).toBeGreaterThan(100);
  expect(await response.json()).toMatchObject({ verdict: "rollback" });
});

test("an answer that says no names no header it should not", async () => {
  const response = await fetch(`${server.url}/v1/decisions/nobody`);
  expect(response.status).toBe(404);
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  expect(response.headers.get("server")).toBeNull();
});

test("stopped under load, each decision is answered and on record, or was never taken", async () => {
  const answers: Promise<string | undefined>[] = [];
  for (let i = 0; i < 200; i++) {
    answers.push(
      post(healthyRequest()).then(
        async (response) => {
          expect(response.status).toBe(200);
          const decision = (await response.json()) as { provenance: { decision_id: string } };
          return decision.provenance.decision_id;
        },
        () => undefined,
      ),
    );
  }
  await answers[0];
  await server.stop(10_000);
  const ids = (await Promise.all(answers)).filter((id) => id !== undefined);
  expect(ids.length).toBeGreaterThan(0);
  for (const id of ids) {
    expect((await started.belay.loadDecision(id)).decision.provenance.decision_id).toBe(id);
  }
  await expect(post(healthyRequest())).rejects.toThrow(TypeError);
});
