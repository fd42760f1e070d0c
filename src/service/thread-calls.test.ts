import { MessageChannel, Worker } from "node:worker_threads";
import { afterEach, expect, test } from "vitest";
import { BelayError } from "../base/errors.ts";
import { connectThreads, type Peer } from "./thread-calls.ts";

interface Offered {
  double(number: number): Promise<number>;
  late(afterMs: number, value: unknown): Promise<unknown>;
  refuse(): Promise<void>;
  fail(): Promise<void>;
  uncopyable(): Promise<unknown>;
}

const offered: Offered = {
  double: async (number) => number * 2,
  late: (afterMs, value) => new Promise((resolve) => setTimeout(() => resolve(value), afterMs)),
  async refuse() {
    throw new BelayError("channel-moved", "the channel moved", {
      issues: [{ pointer: "/to", message: "not there" }],
      extra: { current: "abc" },
      cause: new Error("underneath"),
    });
  },
  async fail() {
    throw new TypeError("undefined is not a function");
  },
  uncopyable: async () => () => undefined,
};

const peers: Pick<Peer<Offered>, "close">[] = [];

afterEach(() => {
  for (const peer of peers.splice(0)) peer.close();
});

function connect(): Peer<Offered> {
  const { port1, port2 } = new MessageChannel();
  const peer = connectThreads<Offered, object>(port1, {});
  peers.push(peer, connectThreads<object, Offered>(port2, offered));
  return peer;
}

test("calls run side by side, and each gets its own answer", async () => {
  const peer = connect();
  const slow = peer.call("late", 30, "slow");
  const quick = peer.call("late", 0, new Uint8Array([1, 2]));
  expect(await Promise.race([slow, quick])).toEqual(new Uint8Array([1, 2]));
  expect(await slow).toBe("slow");
  expect(await Promise.all([1, 2, 3].map((number) => peer.call("double", number)))).toEqual([
    2, 4, 6,
  ]);
});

test("an error of the catalogue arrives as it was thrown", async () => {
  const thrown = await connect()
    .call("refuse")
    .catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(BelayError);
  expect(thrown).toMatchObject({
    code: "channel-moved",
    message: "the channel moved",
    issues: [{ pointer: "/to", message: "not there" }],
    extra: { current: "abc" },
    cause: expect.stringContaining("underneath"),
  });
});

test("any other error says nothing but where it happened, which is for the log", async () => {
  await expect(connect().call("fail")).rejects.toMatchObject({
    code: "internal",
    message: "a thread of Belay failed",
    cause: expect.stringMatching(/undefined is not a function[^]*thread-calls\.test\.ts/),
  });
});

test("what cannot be copied is an error, here and there, and the port stays of use", async () => {
  const peer = connect();
  await expect(peer.call("uncopyable")).rejects.toMatchObject({ code: "internal" });
  await expect(peer.call("late", 0, () => undefined)).rejects.toThrow("could not be cloned");
  expect(await peer.call("double", 4)).toBe(8);
});

test("a call that waits when the other side ends is rejected, and so is every later one", async () => {
  const { port1, port2 } = new MessageChannel();
  const peer = connectThreads<Offered, object>(port1, {});
  const source = `const { workerData } = require("node:worker_threads");
    workerData.on("message", () => process.exit());`;
  const thread = new Worker(source, { eval: true, workerData: port2, transferList: [port2] });
  expect(peer.isOpen).toBe(true);
  const lost = { code: "internal", message: "the thread that was asked has ended" };
  await expect(peer.call("double", 1)).rejects.toMatchObject(lost);
  expect(peer.isOpen).toBe(false);
  await expect(peer.call("double", 1)).rejects.toMatchObject(lost);
  await thread.terminate();
});
