/**
 * @module A process that asks one server the same question over and over, and prints how long each
 * answer took, as one line of JSON. It is small on purpose: on a machine that serves and asks, what
 * the asking costs is taken from the server.
 *
 * Each connection stays open and has one question under way: a closed loop. A server that is slow is
 * asked less often, so latencies are those of a fixed number of callers, not of a fixed rate.
 */

import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { AnswerReader } from "./answer-reader.ts";
import type { LoadPlan, LoadResult } from "./load.ts";

/** How long answers are waited for once no more questions are sent. */
const graceMs = 30_000;

const plan = JSON.parse(process.argv[2] ?? "{}") as LoadPlan;

function questionBytes(): Buffer {
  const body = readFileSync(plan.bodyFile);
  const head = [
    `POST ${plan.path} HTTP/1.1`,
    `host: 127.0.0.1:${String(plan.port)}`,
    "content-type: application/json",
    `content-length: ${String(body.length)}`,
  ].join("\r\n");
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`), body]);
}

function askUntil(endMs: number, question: Buffer, latencies: number[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(plan.port, "127.0.0.1");
    const reader = new AnswerReader();
    let sentMs = 0;
    const ask = (): void => {
      sentMs = performance.now();
      socket.write(question);
    };
    socket.setNoDelay(true);
    socket.setTimeout(graceMs, () => socket.destroy(new Error(`no answer in ${graceMs} ms`)));
    socket.once("connect", ask);
    socket.on("data", (chunk) => {
      const status = reader.take(chunk);
      if (status === undefined) return;
      const nowMs = performance.now();
      latencies.push(nowMs - sentMs);
      if (status !== 200) socket.destroy(new Error(`answered ${String(status)}`));
      else if (nowMs < endMs) ask();
      else socket.destroy();
    });
    socket.on("error", reject);
    socket.on("close", () => (performance.now() < endMs ? reject(new Error("closed")) : resolve()));
  });
}

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}

const question = questionBytes();
const latencies: number[] = [];
const startMs = performance.now();
const cpuBefore = process.cpuUsage();
const endMs = startMs + plan.seconds * 1_000;
await Promise.all(
  Array.from({ length: plan.connections }, () => askUntil(endMs, question, latencies)),
);
const elapsedS = (performance.now() - startMs) / 1_000;
const cpu = process.cpuUsage(cpuBefore);
const sorted = latencies.toSorted((a, b) => a - b);
const result: LoadResult = {
  answers: sorted.length,
  perSecond: sorted.length / elapsedS,
  p50Ms: quantile(sorted, 0.5),
  p99Ms: quantile(sorted, 0.99),
  clientUsPerAnswer: (cpu.user + cpu.system) / sorted.length,
};
console.log(JSON.stringify(result));
