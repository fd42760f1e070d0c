/** @module The socket: where Belay listens, what a connection may cost, and how it stops. */

import { createServer, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { getRequestListener } from "@hono/node-server";
import type { Logger } from "pino";
import { BelayError, type ErrorCode } from "../base/errors.ts";
import type { HttpApp } from "./http-app.ts";
import { httpLimits } from "./limits.ts";
import { describeListenError, type ListenPlace, urlOf } from "./listen-place.ts";
import { createProblem } from "./problem.ts";

export interface HttpServerOptions {
  readonly app: HttpApp;
  readonly place: ListenPlace;
  /** Whether other threads of this process listen there, too; the system divides connections. */
  readonly isShared: boolean;
  readonly logger: Logger;
  /** Bounds that differ from `httpLimits`. */
  readonly limits?: Partial<ConnectionLimits>;
}

export interface ConnectionLimits {
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
  readonly connectionsMax: number;
}

export interface RunningHttpServer {
  /** `http://127.0.0.1:8282` */
  readonly url: string;
  readonly port: number;
  /**
   * Takes no more connections, answers the requests that were taken, and ends. Whatever is not
   * answered after `graceMs` is cut off. May be called more than once.
   */
  stop(graceMs: number): Promise<void>;
}

/** @throws `address-in-use`, `usage` (an address that this process may not have) */
export async function startHttpServer(options: HttpServerOptions): Promise<RunningHttpServer> {
  const { app, place, isShared, logger } = options;
  const limits = { ...httpLimits, ...options.limits };
  const answer = getRequestListener(app.fetch, {
    errorHandler: (error) => answerUnreadable(error, logger),
  });
  const server = createServer(
    {
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      keepAliveTimeout: limits.keepAliveTimeoutMs,
      connectionsCheckingInterval: Math.min(1_000, limits.headersTimeoutMs),
      maxHeaderSize: httpLimits.headerBytesMax,
      // A request without a host is refused by `answerUnreadable`, with a problem document.
      requireHostHeader: false,
    },
    (request, response) => void answer(request, response),
  );
  server.maxConnections = limits.connectionsMax;
  const answering = trackAnswers(server);
  server.on("clientError", (error, socket) => refuseConnection(error, socket, answering));
  await listen(server, place, isShared);
  const bound = server.address();
  const port = typeof bound === "object" && bound !== null ? bound.port : place.port;
  return {
    url: urlOf({ ...place, port }),
    port,
    stop: (graceMs) => stop(server, answering, graceMs),
  };
}

function listen(server: Server, place: ListenPlace, isShared: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(describeListenError(error, place)));
    server.listen({ host: place.address, port: place.port, reusePort: isShared }, resolve);
  });
}

/** Responses that have been begun and not ended. */
function trackAnswers(server: Server): ReadonlySet<ServerResponse> {
  const answering = new Set<ServerResponse>();
  server.prependListener("request", (_request, response: ServerResponse) => {
    answering.add(response);
    response.once("close", () => answering.delete(response));
    // Once the server has stopped listening, a connection ends with the answer at hand.
    if (!server.listening) response.setHeader("connection", "close");
  });
  return answering;
}

function stop(
  server: Server,
  answering: ReadonlySet<ServerResponse>,
  graceMs: number,
): Promise<void> {
  return new Promise((resolve) => {
    const cutOff = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(cutOff);
      resolve();
    });
    for (const response of answering) {
      if (!response.headersSent) response.setHeader("connection", "close");
    }
  });
}

/** A request whose target or host Hono cannot read; the app never sees it. */
function answerUnreadable(error: unknown, logger: Logger): Response {
  const isRequestError = error instanceof Error && error.name === "RequestError";
  if (!isRequestError) logger.error({ err: error }, "a request was not answered");
  const reason = isRequestError
    ? new BelayError("malformed-http", "the request has no valid host or target", { cause: error })
    : error;
  const { status, headers, document } = createProblem(reason, { requestId: crypto.randomUUID() });
  return new Response(JSON.stringify(document), { status, headers });
}

interface ConnectionProblem {
  readonly code: ErrorCode;
  readonly message: string;
  readonly status?: number;
}

const connectionProblems: Readonly<Record<string, ConnectionProblem>> = {
  ERR_HTTP_REQUEST_TIMEOUT: {
    code: "request-timeout",
    message: "the request did not arrive in time",
  },
  HPE_HEADER_OVERFLOW: {
    code: "input-too-large",
    message: `the head of the request is larger than ${String(httpLimits.headerBytesMax)} bytes`,
    status: 431,
  },
};

/** What Node's parser refuses is answered here, on the bare connection, which then ends. */
function refuseConnection(
  error: NodeJS.ErrnoException,
  socket: Duplex,
  answering: ReadonlySet<ServerResponse>,
): void {
  // A second answer must not run into one that is on its way.
  const isAnswered = [...answering].some((one) => one.socket === socket && one.headersSent);
  if (error.code === "ECONNRESET" || !socket.writable || isAnswered) {
    socket.destroy();
    return;
  }
  const known: ConnectionProblem = connectionProblems[error.code ?? ""] ?? {
    code: "malformed-http",
    message: "the bytes are not an HTTP request",
  };
  const { status, headers, document } = createProblem(new BelayError(known.code, known.message), {
    requestId: crypto.randomUUID(),
    status: known.status,
  });
  const body = JSON.stringify(document);
  const lines = [
    `HTTP/1.1 ${String(status)} ${document.title}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `content-length: ${String(Buffer.byteLength(body))}`,
    "connection: close",
  ];
  socket.end(`${lines.join("\r\n")}\r\n\r\n${body}`);
}
