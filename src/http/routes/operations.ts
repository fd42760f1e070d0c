/** @module What an operator's tools ask: is it alive, may it be asked, how is it doing. */

import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { Belay } from "../../service/belay.ts";
import type { AppEnv } from "../app-env.ts";
import type { Exposition } from "../metrics.ts";
import { jsonMediaType } from "../request-body.ts";
import { mountRoute } from "../route.ts";

const tags = ["Operations"];

const livenessSchema = z.strictObject({ alive: z.literal(true) }).openapi("Liveness");

const readinessSchema = z
  .strictObject({
    ready: z.boolean(),
    reasons: z.array(z.string()).describe("why not ready"),
    revision: z.string().describe("the bundle in force"),
  })
  .openapi("Readiness");

const readiness = { [jsonMediaType]: { schema: readinessSchema } };

const livenessRoute = createRoute({
  method: "get",
  path: "/livez",
  operationId: "readLiveness",
  tags,
  summary: "Whether the process answers",
  responses: {
    200: { description: "it does", content: { [jsonMediaType]: { schema: livenessSchema } } },
  },
});

const readinessRoute = createRoute({
  method: "get",
  path: "/readyz",
  operationId: "readReadiness",
  tags,
  summary: "Whether decisions can be answered",
  responses: {
    200: { description: "they can", content: readiness },
    503: { description: "they cannot, for these reasons", content: readiness },
  },
});

const metricsRoute = createRoute({
  method: "get",
  path: "/metrics",
  operationId: "readMetrics",
  tags,
  summary: "Counters and durations for Prometheus",
  responses: {
    200: {
      description: "Prometheus text format",
      content: { "text/plain": { schema: { type: "string" } } },
    },
  },
});

export function mountOperations(
  app: OpenAPIHono<AppEnv>,
  belay: Belay,
  exposeMetrics: () => Promise<Exposition>,
): void {
  mountRoute(app, livenessRoute, (c) => c.json({ alive: true }));

  mountRoute(app, readinessRoute, (c) => {
    const { ready, reasons, revision } = belay.health();
    return c.json({ ready, reasons, revision }, ready ? 200 : 503);
  });

  mountRoute(app, metricsRoute, async (c) => {
    const { contentType, text } = await exposeMetrics();
    return c.body(text, 200, { "content-type": contentType });
  });
}
