/** @module The composed service behind the HTTP face, on a record of its own, for tests. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { pino } from "pino";
import { composeBelay } from "../../src/compose.ts";
import { createHttpApp, type HttpApp } from "../../src/http/http-app.ts";
import { divideLimits } from "../../src/http/limits.ts";
import { createProcessMetrics, createThreadMetrics } from "../../src/http/metrics.ts";
import type { Belay } from "../../src/service/belay.ts";
import { createResponseCheck, type OpenApi } from "./documented-responses.ts";

export interface StartedApp {
  readonly app: HttpApp;
  readonly belay: Belay;
  readonly document: OpenApi;
  /** Where the record is. */
  readonly directory: string;
  /** What was logged, a line each. */
  readonly logLines: readonly string[];
  /** Asks, and fails where the answer is not as the OpenAPI document has it. */
  ask(method: string, path: string, options?: AskOptions): Promise<Answered>;
  close(): Promise<void>;
}

export interface AskOptions {
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is. */
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; `{}` where it is none. */
  readonly json: Record<string, unknown>;
}

export async function startApp(): Promise<StartedApp> {
  const directory = mkdtempSync(join(tmpdir(), "belay-http-"));
  const belay = await composeBelay({ dataDirectory: directory });
  const logLines: string[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      logLines.push(...chunk.toString("utf8").split("\n").filter(Boolean));
      done();
    },
  });
  const metrics = createThreadMetrics("1");
  const processMetrics = createProcessMetrics({ ...belay, countThreads: () => 1 });
  const app = createHttpApp({
    belay,
    logger: pino({ level: "debug" }, destination),
    metrics,
    exposeMetrics: async () => processMetrics.expose([await metrics.read()]),
    config: { version: "0.0.0", hostNames: [], heldBytesMax: divideLimits(1).heldBytesMax },
  });
  const document = (await (await app.request("/openapi.json")).json()) as OpenApi;
  const check = createResponseCheck(document);
  return {
    app,
    belay,
    document,
    directory,
    logLines,
    async ask(method, path, { json, body, headers } = {}) {
      const response = await app.request(path, {
        method,
        headers: {
          ...(json === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        ...(json === undefined ? {} : { body: JSON.stringify(json) }),
        ...(body === undefined ? {} : { body }),
      });
      const text = await response.text();
      const contentType = response.headers.get("content-type");
      const { status } = response;
      check({ method, path, status, contentType, text });
      const isJson = contentType?.includes("json") === true && text !== "";
      return {
        status,
        headers: response.headers,
        text,
        json: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
      };
    },
    async close() {
      await belay.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
