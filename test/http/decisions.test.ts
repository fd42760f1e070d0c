import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { blindRequest, healthyRequest, tenLineRequest } from "./requests.ts";
import { type StartedApp, startApp } from "./started-app.ts";

let server: StartedApp;

beforeAll(async () => {
  server = await startApp();
});

afterAll(() => server.close());

interface Recorded {
  verdict: string;
  provenance: { decision_id: string; bundle: { revision: string } };
  record: { leaf_index: number; tree_size: number; leaf_sha256: string; root_sha256: string };
}

async function decide(request: unknown, headers: Record<string, string> = {}): Promise<Recorded> {
  const { status, json } = await server.ask("POST", "/v1/decisions", { json: request, headers });
  expect(status).toBe(200);
  return json as unknown as Recorded;
}

describe("deciding", () => {
  test.each([
    ["rollback", tenLineRequest()],
    ["allow", healthyRequest()],
    ["escalate", blindRequest()],
  ])("%s is an answer like any other", async (verdict, request) => {
    const { status, headers, json } = await server.ask("POST", "/v1/decisions", { json: request });
    expect([status, json["verdict"]]).toEqual([200, verdict]);
    const { provenance, record } = json as unknown as Recorded;
    expect(headers.get("belay-decision-id")).toBe(provenance.decision_id);
    expect(headers.get("idempotent-replayed")).toBeNull();
    expect(headers.get("content-type")).toBe("application/json");
    expect(record.tree_size).toBeGreaterThan(record.leaf_index);
  });

  test("what was answered is what is on record", async () => {
    const answered = await decide(tenLineRequest());
    const { record: _place, ...decision } = answered;
    const { json } = await server.ask("GET", `/v1/decisions/${answered.provenance.decision_id}`);
    const { record, ...kept } = json as unknown as Recorded;
    expect(JSON.stringify(kept)).toBe(JSON.stringify(decision));
    expect(record.leaf_sha256).toBe(answered.record.leaf_sha256);
    expect(record.leaf_index).toBe(answered.record.leaf_index);
  });
});

describe("an idempotency key", () => {
  const key = { "idempotency-key": "checkout-1" };

  test("gives the same decision again, and says so", async () => {
    const first = await server.ask("POST", "/v1/decisions", {
      json: tenLineRequest(),
      headers: key,
    });
    const again = await server.ask("POST", "/v1/decisions", {
      json: tenLineRequest(),
      headers: key,
    });
    expect(first.headers.get("idempotent-replayed")).toBeNull();
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    const { record: _first, ...firstDecision } = first.json;
    const { record: _again, ...againDecision } = again.json;
    expect(againDecision).toEqual(firstDecision);
  });

  test("gives one decision to callers that ask at once", async () => {
    const headers = { "idempotency-key": "at-once" };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => decide(tenLineRequest(), headers)),
    );
    expect(new Set(answers.map(({ provenance }) => provenance.decision_id)).size).toBe(1);
    expect(new Set(answers.map(({ record }) => record.leaf_index)).size).toBe(1);
  });

  test("is refused with another body", async () => {
    const headers = { "idempotency-key": "other-body" };
    await decide(tenLineRequest(), headers);
    const { status, json } = await server.ask("POST", "/v1/decisions", {
      json: healthyRequest(),
      headers,
    });
    expect([status, json["code"]]).toEqual([422, "idempotency-key-reused"]);
  });

  test.each(["", "two words", "é", "x".repeat(201)])("`%s` cannot be one", async (value) => {
    const { status, json } = await server.ask("POST", "/v1/decisions", {
      json: tenLineRequest(),
      headers: { "idempotency-key": value },
    });
    expect(status).toBe(422);
    expect(json["errors"]).toEqual([
      expect.objectContaining({ pointer: "/header/idempotency-key" }),
    ]);
  });
});

describe("listing", () => {
  test("pages from the newest to the oldest without a gap or a repeat", async () => {
    const service = "paged";
    const ids: string[] = [];
    for (let i = 0; i < 7; i++) {
      const { provenance } = await decide({
        ...healthyRequest(),
        release: { ...healthyRequest().release, service },
      });
      ids.unshift(provenance.decision_id);
    }
    const seen: string[] = [];
    let cursor = "";
    do {
      const { json } = await server.ask("GET", `/v1/decisions?service=${service}&limit=3${cursor}`);
      const { decisions, next } = json as unknown as { decisions: Recorded[]; next?: string };
      seen.push(...decisions.map(({ provenance }) => provenance.decision_id));
      cursor = next === undefined ? "" : `&cursor=${next}`;
    } while (cursor !== "");
    expect(seen).toEqual(ids);
  });

  test("filters by verdict, policy and time", async () => {
    const since = Date.now() - 1;
    const { provenance } = await decide(tenLineRequest());
    const queries = [
      "verdict=rollback",
      "policy=canary_compare",
      `since=${String(since)}`,
      `since=${new Date(since).toISOString()}`,
    ];
    for (const query of queries) {
      const { json } = await server.ask("GET", `/v1/decisions?${query}&limit=1`);
      const { decisions } = json as unknown as { decisions: Recorded[] };
      expect([query, decisions[0]?.provenance.decision_id]).toEqual([
        query,
        provenance.decision_id,
      ]);
    }
    for (const query of ["verdict=allow", "policy=slow_checkout", "until=1", "service=nobody"]) {
      const { json } = await server.ask("GET", `/v1/decisions?${query}&since=${String(since)}`);
      expect([query, json["decisions"]]).toEqual([query, []]);
    }
  });

  test.each([
    ["limit=0", "/query/limit"],
    ["limit=201", "/query/limit"],
    ["limit=ten", "/query/limit"],
    ["limit=1&limit=2", "/query/limit"],
    ["cursor=-1", "/query/cursor"],
    ["cursor=9007199254740993", "/query/cursor"],
    ["verdict=maybe", "/query/verdict"],
    ["since=yesterday", "/query/since"],
    ["servce=checkout", "/query/servce"],
    ["a~/b=1", "/query/a~0~1b"],
  ])("%s is refused with its place", async (query, pointer) => {
    const { status, json } = await server.ask("GET", `/v1/decisions?${query}`);
    expect([status, json["code"]]).toEqual([422, "invalid-request"]);
    expect(json["errors"]).toEqual([expect.objectContaining({ pointer })]);
  });
});

describe("explaining and replaying", () => {
  test("explain names the rules that fired", async () => {
    const { provenance } = await decide(tenLineRequest());
    const { status, json } = await server.ask(
      "GET",
      `/v1/decisions/${provenance.decision_id}/explain`,
    );
    expect(status).toBe(200);
    const rules = json["rules"] as { policy: string; fired: boolean; row: number }[];
    expect(rules.filter((rule) => rule.fired).map((rule) => rule.policy)).toContain(
      "canary_compare",
    );
  });

  test("replay gives the same decision, byte for byte", async () => {
    const { provenance } = await decide(tenLineRequest());
    const path = `/v1/decisions/${provenance.decision_id}/replay`;
    for (const options of [{}, { json: {} }, { json: { revision: provenance.bundle.revision } }]) {
      const { status, json } = await server.ask("POST", path, options);
      expect([status, json["same"], json["differences"]]).toEqual([200, true, []]);
      expect(JSON.stringify(json["replayed"])).toBe(JSON.stringify(json["recorded"]));
    }
  });

  test("replay with a bundle that is not kept is refused", async () => {
    const { provenance } = await decide(tenLineRequest());
    const { status, json } = await server.ask(
      "POST",
      `/v1/decisions/${provenance.decision_id}/replay`,
      {
        json: { revision: "0".repeat(64) },
      },
    );
    expect([status, json["code"]]).toEqual([404, "bundle-not-found"]);
  });
});

test.each(["GET /v1/decisions/ID", "GET /v1/decisions/ID/explain", "POST /v1/decisions/ID/replay"])(
  "%s of none that there is: 404",
  async (line) => {
    const [method = "", path = ""] = line.split(" ");
    for (const id of ["0191d8a2-6f6c-7bb0-8a70-6f1c7f3f3a52", "nonsense", "%00", "%ff"]) {
      const { status, json } = await server.ask(method, path.replace("ID", id));
      expect([id, status, json["code"]]).toEqual([id, 404, "decision-not-found"]);
    }
  },
);
