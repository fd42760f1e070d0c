import { expect, test } from "vitest";
import type { WireAppend } from "./wire.ts";
import { Writer } from "./writer.ts";
import { WriterOwner } from "./writer-owner.ts";

const bounds = { waitingMax: 100, waitingBytesMax: 100 };

/** A thread in place of the real one, to see what becomes of appends when it fails. */
async function openWriter(source: string) {
  const head = `const { parentPort } = require("node:worker_threads"); let port;
    parentPort.once("message", (first) => { port = first.port; onPort(); });`;
  const module = new URL(
    `data:text/javascript,${encodeURIComponent(`import {createRequire} from "node:module"; const require = createRequire("file:///"); ${head} ${source}`)}`,
  );
  const owner = await WriterOwner.open({ directory: "", module });
  return new Writer(owner.connect(), bounds);
}

/** Says that the record is open, and runs `source` once somebody has joined at `port`. */
function opened(source: string): string {
  return `parentPort.postMessage({ kind: "opened" }); function onPort() { ${source} }`;
}
const append = { leafBytes: new Uint8Array(0) } as WireAppend;

test("a thread that dies seals the writer: what waits and what comes is rejected", async () => {
  const writer = await openWriter(
    opened('port.once("message", () => { throw new Error("lost"); });'),
  );
  const waiting = [writer.append(append, 1), writer.append(append, 1)];
  expect(writer.waitingCount).toBe(2);
  for (const one of waiting) {
    await expect(one).rejects.toMatchObject({
      code: "log-sealed",
      message: "the record cannot be written: the writer's thread has ended",
    });
  }
  expect(writer.sealed).toContain("ended");
  expect(writer.waitingCount).toBe(0);
  await expect(writer.append(append, 1)).rejects.toMatchObject({ code: "log-sealed" });
  await writer.close();
  await writer.close();
});

test("a thread that ends without a word seals the writer", async () => {
  const writer = await openWriter(opened('port.once("message", () => process.exit(0));'));
  await expect(writer.append(append, 1)).rejects.toMatchObject({ code: "log-sealed" });
  await writer.close();
});

test("a thread that never opens the record makes opening fail", async () => {
  await expect(openWriter('throw new Error("lost");')).rejects.toMatchObject({
    code: "log-sealed",
  });
  await expect(openWriter("process.exit(0);")).rejects.toMatchObject({ code: "log-sealed" });
});

test("a thread that seals itself keeps answering nothing", async () => {
  const writer = await openWriter(
    opened(`port.on("message", ({ kind }) => {
      if (kind === "close") port.close();
      else port.postMessage({ kind: "sealed", reason: "disk I/O error" });
    });`),
  );
  await expect(writer.append(append, 1)).rejects.toThrow("disk I/O error");
  await expect(writer.append(append, 1)).rejects.toThrow("disk I/O error");
  await writer.close();
  expect(writer.sealed).toBe("disk I/O error");
});

test("bytes that wait are bounded, too", async () => {
  const writer = await openWriter(
    opened(`port.on("message", ({ kind, appends }) => {
      if (kind === "close") return port.close();
      const outcomes = appends.map((_, leafIndex) => ({ outcome: "appended", leafIndex }));
      port.postMessage({ kind: "committed", outcomes, head: { treeSize: 1 } });
    });`),
  );
  const waiting = [writer.append(append, 60), writer.append(append, 40)];
  await expect(writer.append(append, 1)).rejects.toMatchObject({ code: "overloaded" });
  await Promise.all(waiting);
  await expect(writer.append(append, 100)).resolves.toMatchObject({ head: { treeSize: 1 } });
  await writer.close();
});
