import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { healthyRequest } from "../http/requests.ts";
import { ask } from "./fresh-request.ts";
import { type StartedThreads, startThreads } from "./started-threads.ts";

/** Each starts threads, which takes many seconds on a machine that has other things to do. */
const slow = { timeout: 120_000 };

let started: StartedThreads | undefined;

afterEach(async () => {
  await started?.close();
  started = undefined;
});

async function start(threadCount: number): Promise<StartedThreads> {
  started = await startThreads(threadCount);
  return started;
}

function decide({ url }: StartedThreads, headers: Readonly<Record<string, string>> = {}) {
  return ask(`${url}/v1/decisions`, { method: "POST", json: healthyRequest(), headers });
}

async function readCounter({ url }: StartedThreads, name: string): Promise<number> {
  const { text } = await ask(`${url}/metrics`);
  const values = text
    .split("\n")
    .filter((line) => line.startsWith(name))
    .map((line) => Number(line.split(" ").at(-1)));
  return values.reduce((sum, value) => sum + value, 0);
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error("it did not come to pass");
    await sleep(10);
  }
}

test(
  "any number of threads is one server: one record, one count, one set of keys",
  slow,
  async () => {
    const server = await start(3);
    expect(server.threads.count).toBe(3);
    const keyed = Array.from({ length: 12 }, () => decide(server, { "idempotency-key": "once" }));
    const plain = Array.from({ length: 24 }, () => decide(server));
    const answers = await Promise.all([...keyed, ...plain]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const ids = answers.map(({ headers }) => headers["belay-decision-id"]);
    expect(new Set(ids).size).toBe(25);
    for (const id of new Set(ids)) {
      expect((await ask(`${server.url}/v1/decisions/${String(id)}`)).status).toBe(200);
    }
    expect(await readCounter(server, "belay_decisions_total")).toBe(25);
    expect(await readCounter(server, "belay_decisions_repeated_total")).toBe(11);
    expect(await readCounter(server, "belay_threads")).toBe(3);
    const { text } = await ask(`${server.url}/metrics`);
    expect(text.match(/^process_resident_memory_bytes /gm)).toHaveLength(1);
    expect(text.match(/^nodejs_eventloop_lag_p99_seconds\{thread="\d"\} /gm)).toHaveLength(3);
    expect(await server.belay.verifyRecord()).toMatchObject({ ok: true });
  },
);

test(
  "a thread that dies is replaced, while the others go on and nothing recorded is lost",
  slow,
  async () => {
    const server = await start(2);
    const { revision } = await server.belay.loadChannel("production");
    const before = await Promise.all(Array.from({ length: 8 }, () => decide(server)));
    expect(await readCounter(server, "belay_decisions_total")).toBe(8);
    server.kill(1);
    await until(() => server.threads.count === 1);
    const during = await Promise.all(Array.from({ length: 8 }, () => decide(server)));
    await until(() => server.threads.count === 2);
    const after = await Promise.all(Array.from({ length: 16 }, () => decide(server)));
    const answers = [...before, ...during, ...after];
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    for (let asked = 0; asked < 8; asked++) {
      const { text } = await ask(`${server.url}/readyz`);
      expect(JSON.parse(text)).toEqual({ ready: true, reasons: [], revision });
    }
    // Of the counts before, none is lost: a sum that shrinks would be read as a new beginning.
    expect(await readCounter(server, "belay_decisions_total")).toBe(32);
    expect(await server.belay.verifyRecord()).toMatchObject({ ok: true, entries: 34 });
  },
);

test("where threads keep dying, the whole gives up", slow, async () => {
  const server = await start(1);
  let hasFailed = false;
  const failed = server.threads.failed.catch((error: unknown) => {
    hasFailed = true;
    return error;
  });
  while (!hasFailed) {
    await until(() => hasFailed || server.threads.count === 1);
    server.kill(1);
    await until(() => hasFailed || server.threads.count === 0);
  }
  expect(await failed).toMatchObject({
    code: "internal",
    message: expect.stringContaining("threads keep ending"),
  });
});

test("a record that is sealed is sealed for every thread", slow, async () => {
  const server = await start(2);
  const intruder = new DatabaseSync(join(server.directory, "record.sqlite"));
  intruder.exec("INSERT INTO heads VALUES (1000000, zeroblob(32), zeroblob(8))");
  intruder.close();
  await decide(server);
  const answers = await Promise.all(Array.from({ length: 16 }, () => ask(`${server.url}/readyz`)));
  for (const { status, text } of answers) {
    expect(status).toBe(503);
    expect(JSON.parse(text)).toMatchObject({
      ready: false,
      reasons: [expect.stringContaining("somebody else has written")],
    });
  }
  expect(JSON.parse((await decide(server)).text)).toMatchObject({ verdict: "escalate" });
  expect(await readCounter(server, "belay_ready")).toBe(0);
});

test("what needs the toolchain, or moves a channel, may be asked of any thread", slow, async () => {
  const server = await start(2);
  const { headers } = await decide(server);
  const id = String(headers["belay-decision-id"]);
  const explained = await ask(`${server.url}/v1/decisions/${id}/explain`);
  expect([explained.status, JSON.parse(explained.text)]).toEqual([
    200,
    expect.objectContaining({ decision_id: id }),
  ]);
  const { revision } = await server.belay.loadChannel("production");
  const promoted = await ask(`${server.url}/v1/channels/staging`, {
    method: "PUT",
    json: { revision },
  });
  expect(promoted.status).toBe(200);
  const refused = await ask(`${server.url}/v1/channels/staging`, {
    method: "PUT",
    json: { revision },
    headers: { "if-match": `"${"0".repeat(64)}"` },
  });
  expect([refused.status, JSON.parse(refused.text)]).toEqual([
    412,
    expect.objectContaining({ code: "channel-moved", current: revision }),
  ]);
});
