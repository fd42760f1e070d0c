/** @module The socket: where Belay listens, what a connection may cost, and how it stops. */

import { lookup } from "node:dns/promises";
import { createServer, type Server, type ServerResponse } from "node:http";
import { BlockList, isIPv6 } from "node:net";
import type { Duplex } from "node:stream";
import { getRequestListener } from "@hono/node-server";
import type { Logger } from "pino";
import { BelayError, type ErrorCode } from "../base/errors.ts";
import type { HttpApp } from "./http-app.ts";
import { httpLimits } from "./limits.ts";
import { createProblem } from "./problem.ts";

export interface HttpServerOptions {
  readonly app: HttpApp;
  /** Address or name to listen at. */
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly logger: Logger;
  /** Required to listen beyond this machine while there is no authentication. */
  readonly openWithoutAuthentication?: boolean;
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

/**
 * @throws `open-without-authentication`, `address-in-use`, `usage` (no such address, or one that
 * this process may not have)
 */
export async function startHttpServer(options: HttpServerOptions): Promise<RunningHttpServer> {
  const { app, host, port, logger } = options;
  const address = await resolveAddress(host);
  if (!isLoopback(address) && options.openWithoutAuthentication !== true) {
    throw new BelayError(
      "open-without-authentication",
      `\`${host}\` is reached from other machines, and whoever reaches it may decide and change policies: say \`--open-without-authentication\` if that is meant`,
    );
  }
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
  await listen(server, address, port, host);
  const bound = server.address();
  const boundPort = typeof bound === "object" && bound !== null ? bound.port : port;
  return {
    url: `http://${isIPv6(address) ? `[${address}]` : address}:${String(boundPort)}`,
    port: boundPort,
    stop: (graceMs) => stop(server, answering, graceMs),
  };
}

async function resolveAddress(host: string): Promise<string> {
  try {
    return (await lookup(host)).address;
  } catch (error) {
    throw new BelayError("usage", `\`${host}\` is no address to listen at`, { cause: error });
  }
}

function isLoopback(address: string): boolean {
  const loopback = new BlockList();
  loopback.addSubnet("127.0.0.0", 8, "ipv4");
  loopback.addAddress("::1", "ipv6");
  return loopback.check(address, isIPv6(address) ? "ipv6" : "ipv4");
}

function listen(server: Server, address: string, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const place = `\`${host}:${String(port)}\``;
      reject(
        error.code === "EADDRINUSE"
          ? new BelayError("address-in-use", `${place} is taken`, { cause: error })
          : new BelayError("usage", `cannot listen at ${place}: ${error.code ?? error.message}`, {
              cause: error,
            }),
      );
    });
    server.listen(port, address, resolve);
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
