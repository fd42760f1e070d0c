/** @module One log line for each request: what was asked, what was answered, how long it took. */

import type { MiddlewareHandler } from "hono";
import type { Logger } from "pino";
import { type AppEnv, findIncoming } from "./app-env.ts";
import type { ThreadMetrics } from "./metrics.ts";

/** Probes come every few seconds and say nothing while they succeed. */
const quietRoutes: ReadonlySet<string> = new Set(["/livez", "/readyz", "/metrics"]);

/**
 * Logs and counts. A line never holds a body, a query or a header, but for the user agent, cut
 * short; strings are JSON, so that nothing from outside can begin a line of its own.
 */
export function logAccess(logger: Logger, metrics: ThreadMetrics): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const startMs = performance.now();
    const finish = metrics.startRequest();
    try {
      await next();
    } finally {
      const ms = performance.now() - startMs;
      const route = c.get("route") ?? "none";
      const { status } = c.res;
      finish({ method: c.req.method, route, status, ms });
      const level = quietRoutes.has(route) && status < 500 ? "debug" : "info";
      logger[level](
        {
          request_id: c.get("requestId"),
          method: c.req.method,
          route,
          path: c.req.path.slice(0, 300),
          status,
          ms: Math.round(ms * 100) / 100,
          remote: findIncoming(c)?.socket.remoteAddress,
          user_agent: c.req.header("user-agent")?.slice(0, 200),
          ...c.get("logFields"),
        },
        "request",
      );
    }
  };
}
