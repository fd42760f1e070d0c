import { gzipSync } from "node:zlib";
import { createTarGzip } from "nanotar";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { healthyRequest } from "./requests.ts";
import { type Answered, type StartedApp, startApp } from "./started-app.ts";

let server: StartedApp;
let shipped: string;
/** The answer to the first publication, and the bundle it kept. */
let published: Answered;
let revision: string;

beforeAll(async () => {
  server = await startApp();
  shipped = (await server.belay.loadChannel("production")).revision;
  published = await server.ask("POST", "/v1/bundles", { json: createPack("ASK_FIRST") });
  ({ revision } = published.json["bundle"] as { revision: string });
});

afterAll(() => server.close());

/** A pack that always asks a human, under a code of its own. */
function createPack(code: string, expected = code): { files: { path: string; text: string }[] } {
  const policy = `# METADATA
# title: Always ask
package belay.policies.always_ask

default_params := {}

# METADATA
# title: A human takes part
finding contains {
	"kind": "hold",
	"code": "${code}",
	"severity": "major",
	"message": "a human takes part in every release",
	"evidence": [],
} if {
	input.request.question == "promote"
}
`;
  const tests = `package belay.policies.always_ask_test

import data.belay.policies.always_ask

test_asks if {
	some found in always_ask.finding with input as {"request": {"question": "promote"}}
	found.code == "${expected}"
}
`;
  return {
    files: [
      { path: "pack.yaml", text: "name: always-ask\n" },
      { path: "always_ask/policy.rego", text: policy },
      { path: "always_ask/policy_test.rego", text: tests },
      { path: "always_ask/README.md", text: "# Always ask\n" },
    ],
  };
}

async function decidedBy(): Promise<string> {
  const { json } = await server.ask("POST", "/v1/decisions", { json: healthyRequest() });
  return (json["provenance"] as { bundle: { revision: string } }).bundle.revision;
}

describe("publishing", () => {
  test("a pack is compiled, tested and kept; the same again is kept already", async () => {
    expect([published.status, published.json["outcome"]]).toEqual([201, "published"]);
    expect(published.json["tests"]).toMatchObject({ passed: 1, failed: 0 });
    expect(published.headers.get("location")).toBe(`/v1/bundles/${revision}`);

    const again = await server.ask("POST", "/v1/bundles", { json: createPack("ASK_FIRST") });
    expect([again.status, again.json["outcome"]]).toEqual([200, "kept-already"]);
    expect(again.headers.get("location")).toBeNull();

    const { json } = await server.ask("GET", "/v1/bundles");
    const kept = json["bundles"] as { revision: string }[];
    expect(kept.map((bundle) => bundle.revision)).toEqual(
      expect.arrayContaining([revision, shipped]),
    );
  });

  test("a bundle can be read, downloaded, and handed in again as an archive", async () => {
    const detail = await server.ask("GET", `/v1/bundles/${revision}`);
    expect(detail.status).toBe(200);
    expect(JSON.stringify(detail.json["sources"])).toContain("ASK_FIRST");
    expect(JSON.stringify(detail.json["rules"])).toContain("ASK_FIRST");

    const path = `/v1/bundles/${revision}/archive`;
    const response = await server.app.request(path);
    expect(response.headers.get("content-type")).toBe("application/gzip");
    expect(response.headers.get("cache-control")).toContain("immutable");
    const etag = response.headers.get("etag") ?? "";
    expect(etag).toBe(`"${revision}"`);
    const cached = await server.ask("GET", path, { headers: { "if-none-match": etag } });
    expect([cached.status, cached.text]).toEqual([304, ""]);

    const archive = new Uint8Array(await response.arrayBuffer());
    const again = await server.ask("POST", "/v1/bundles", {
      body: archive,
      headers: { "content-type": "application/gzip" },
    });
    expect([again.status, again.json["outcome"]]).toEqual([200, "kept-already"]);
  });

  test("a pack with a failing test is refused, and what is in force stays", async () => {
    const { status, json } = await server.ask("POST", "/v1/bundles", {
      json: createPack("ASK_RIGHT", "ASK_WRONG"),
    });
    expect([status, json["code"]]).toEqual([422, "pack-refused"]);
    expect(json["tests"]).toMatchObject({ failed: 1 });
    expect(json["diagnostics"]).toEqual([
      expect.objectContaining({ code: "test_failed", file: "always_ask/policy_test.rego", row: 7 }),
    ]);
    expect(await decidedBy()).toBe(shipped);
  });

  test("a pack that does not compile is refused with every diagnostic at once", async () => {
    const pack = createPack("ASK_BROKEN");
    pack.files.push(
      {
        path: "one/policy.rego",
        text: "package belay.policies.one\n\nfinding contains nobody if true\n",
      },
      {
        path: "two/policy.rego",
        text: "package belay.policies.two\n\nfinding contains nothing if true\n",
      },
    );
    const { status, json } = await server.ask("POST", "/v1/bundles", { json: pack });
    expect([status, json["code"]]).toEqual([422, "pack-refused"]);
    const diagnostics = json["diagnostics"] as { file: string; row: number; message: string }[];
    expect(diagnostics.map(({ file, row }) => [file, row])).toEqual(
      expect.arrayContaining([
        ["one/policy.rego", 3],
        ["two/policy.rego", 3],
      ]),
    );
  });

  test.each([
    [{}, "/files"],
    [{ files: [] }, "/files"],
    [{ files: [{ path: "pack.yaml" }] }, "/files/0/text"],
    [{ files: [{ path: "", text: "" }] }, "/files/0/path"],
    [{ files: [{ path: "a", text: "", mode: 1 }] }, "/files/0/mode"],
    [[], ""],
  ])("%j is no pack", async (pack, pointer) => {
    const { status, json } = await server.ask("POST", "/v1/bundles", { json: pack });
    expect([status, json["code"]]).toEqual([422, "invalid-request"]);
    expect(json["errors"]).toEqual([expect.objectContaining({ pointer })]);
  });
});

describe("archives that are none", () => {
  test.each([
    ["no gzip", async () => new TextEncoder().encode("not an archive")],
    ["nothing", async () => new Uint8Array()],
    ["a truncated archive", async () => (await server.belay.loadArchive(shipped)).slice(0, 1000)],
    ["a tar bomb", async () => gzipSync(Buffer.alloc(100 * 1024 * 1024))],
    ["a path that climbs out", () => createTarGzip([{ name: "../../etc/passwd", data: "x" }])],
    [
      "a member that stands twice",
      () =>
        createTarGzip([
          { name: ".manifest", data: "{}" },
          { name: ".manifest", data: "{}" },
        ]),
    ],
    ["no manifest", () => createTarGzip([{ name: "policy.rego", data: "package a" }])],
  ])("%s is refused, and the server goes on", async (_what, create) => {
    const body = Uint8Array.from(await create());
    const { status, json } = await server.ask("POST", "/v1/bundles", {
      body,
      headers: { "content-type": "application/gzip" },
    });
    expect([status, json["code"]]).toEqual([422, "pack-refused"]);
    expect((json["diagnostics"] as unknown[]).length).toBeGreaterThan(0);
    expect(await decidedBy()).toBe(shipped);
  });
});

describe("channels", () => {
  test("decisions name the revision that was in force, before and after a switch and back", async () => {
    const before = await decidedBy();
    const moved = await server.ask("PUT", "/v1/channels/production", {
      json: { revision },
      headers: { "if-match": `"${before}"` },
    });
    expect([moved.status, moved.headers.get("etag")]).toEqual([200, `"${revision}"`]);
    expect(await decidedBy()).toBe(revision);

    const reverted = await server.ask("POST", "/v1/channels/production/revert");
    expect([reverted.status, reverted.json["revision"]]).toEqual([200, before]);
    expect(await decidedBy()).toBe(before);

    const { json } = await server.ask("GET", "/v1/channels/production/history");
    const moves = json["moves"] as { from: string | null; to: string; caller: object }[];
    expect(moves.slice(0, 2).map(({ from, to }) => [from, to])).toEqual([
      [revision, before],
      [before, revision],
    ]);
    expect(moves[0]?.caller).toEqual({ subject: "anonymous", auth: "none" });
    expect(moves.at(-1)?.from).toBeNull();
  });

  test("a condition that no longer holds stops the move and tells where the channel is", async () => {
    const { status, json } = await server.ask("PUT", "/v1/channels/production", {
      json: { revision },
      headers: { "if-match": `"${"0".repeat(64)}"` },
    });
    expect([status, json["code"], json["current"]]).toEqual([412, "channel-moved", shipped]);
    expect(await decidedBy()).toBe(shipped);
  });

  test("another channel does not decide", async () => {
    const { status } = await server.ask("PUT", "/v1/channels/staging", { json: { revision } });
    expect(status).toBe(200);
    const { json } = await server.ask("GET", "/v1/channels/staging");
    expect(json).toEqual({ channel: "staging", revision });
    expect(await decidedBy()).toBe(shipped);
    const reverted = await server.ask("POST", "/v1/channels/staging/revert");
    expect([reverted.status, reverted.json["code"]]).toEqual([409, "no-previous-revision"]);
  });

  test("a revision that is not kept cannot be promoted", async () => {
    const { status, json } = await server.ask("PUT", "/v1/channels/production", {
      json: { revision: "0".repeat(64) },
    });
    expect([status, json["code"]]).toEqual([404, "bundle-not-found"]);
  });

  test.each([
    [{}, "/revision"],
    [{ revision: "main" }, "/revision"],
    [{ revision: "0".repeat(64), force: true }, "/force"],
  ])("%j is no promotion", async (promotion, pointer) => {
    const { status, json } = await server.ask("PUT", "/v1/channels/production", {
      json: promotion,
    });
    expect(status).toBe(422);
    expect(json["errors"]).toEqual([expect.objectContaining({ pointer })]);
  });

  test.each(["Production", "1st", "a_b", "..%2f", "%00", "x".repeat(64)])(
    "`%s` is no name",
    async (name) => {
      for (const [method, path] of [
        ["GET", ""],
        ["GET", "/history"],
        ["POST", "/revert"],
      ] as const) {
        const { status, json } = await server.ask(method, `/v1/channels/${name}${path}`);
        expect(status).toBe(422);
        expect(json["errors"]).toEqual([expect.objectContaining({ pointer: "/path/name" })]);
      }
    },
  );

  test("a channel that points nowhere is not found", async () => {
    for (const path of ["/v1/channels/nowhere", "/v1/channels/nowhere/history"]) {
      const { status, json } = await server.ask("GET", path);
      expect([status, json["code"]]).toEqual([404, "channel-not-found"]);
    }
  });
});

test.each(["", "/archive"])("a bundle that is not kept has no%s page", async (suffix) => {
  const { status, json } = await server.ask("GET", `/v1/bundles/${"0".repeat(64)}${suffix}`);
  expect([status, json["code"]]).toEqual([404, "bundle-not-found"]);
  const malformed = await server.ask("GET", `/v1/bundles/latest${suffix}`);
  expect(malformed.status).toBe(422);
});
