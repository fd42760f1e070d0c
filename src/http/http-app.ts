/** @module The HTTP face as a function from request to response; it owns no socket. */

import { OpenAPIHono } from "@hono/zod-openapi";
import { methodNotAllowed } from "hono/method-not-allowed";
import { requestId } from "hono/request-id";
import { secureHeaders } from "hono/secure-headers";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Logger } from "pino";
import { BelayError } from "../base/errors.ts";
import type { Belay } from "../service/belay.ts";
import { logAccess } from "./access-log.ts";
import type { AppContext, AppEnv } from "./app-env.ts";
import { refuseForeignOrigin } from "./foreign-origin.ts";
import { httpLimits } from "./limits.ts";
import type { Exposition, ThreadMetrics } from "./metrics.ts";
import { createProblem } from "./problem.ts";
import { createBodyReader } from "./request-body.ts";
import { mountBundles } from "./routes/bundles.ts";
import { mountChannels } from "./routes/channels.ts";
import { mountDecisions } from "./routes/decisions.ts";
import { mountOperations } from "./routes/operations.ts";
import { mountReference } from "./routes/reference.ts";
import { mountRollbacks } from "./routes/rollbacks.ts";
import { mountSnapshots } from "./routes/snapshots.ts";

export interface HttpAppOptions {
  readonly belay: Belay;
  readonly logger: Logger;
  readonly metrics: ThreadMetrics;
  /** What the whole process answers to a scrape. */
  readonly exposeMetrics: () => Promise<Exposition>;
  readonly config: HttpConfig;
}

export interface HttpConfig {
  /** Version of Belay, shown in the API reference. */
  readonly version: string;
  /**
   * Names the server answers to besides those of this machine, lower case, without a port; `any`
   * where something in front of it decides that.
   */
  readonly hostNames: readonly string[] | "any";
  /** Bytes of all bodies that may be held at one time. */
  readonly heldBytesMax: number;
}

export type HttpApp = OpenAPIHono<AppEnv>;

export function createHttpApp(options: HttpAppOptions): HttpApp {
  const { belay, logger, metrics, config } = options;
  const app: HttpApp = new OpenAPIHono<AppEnv>();
  const bodies = createBodyReader({
    heldBytesMax: config.heldBytesMax,
    timeoutMs: httpLimits.bodyTimeoutMs,
  });

  app.onError((error, c) => answerError(c, error, logger));
  app.notFound((c) =>
    answerError(
      c,
      new BelayError("route-not-found", `there is no route \`${c.req.path}\``),
      logger,
    ),
  );

  app.use(requestId({ limitLength: 128 }));
  app.use(logAccess(logger, metrics));
  app.use(
    secureHeaders({
      // Nothing the server answers is a page, but for those that set a policy of their own.
      contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
      // TLS ends in front of Belay, if anywhere: what is in front knows whether to promise it.
      strictTransportSecurity: false,
      xFrameOptions: "DENY",
      // These four speak to browsers and plug-ins that are no more.
      xDnsPrefetchControl: false,
      xDownloadOptions: false,
      xPermittedCrossDomainPolicies: false,
      xXssProtection: false,
      overwrite: false,
    }),
  );
  app.use(refuseForeignOrigin(config.hostNames));
  app.use(
    methodNotAllowed({ app, onMethodNotAllowed: (c, methods) => answerMethod(c, methods, logger) }),
  );

  mountDecisions(app, { belay, bodies, metrics });
  mountRollbacks(app, belay, bodies);
  mountSnapshots(app, belay, bodies);
  mountBundles(app, belay, bodies);
  mountChannels(app, belay, bodies);
  mountOperations(app, belay, options.exposeMetrics);
  mountReference(app, config.version);
  return app;
}

/** `OPTIONS` is answered with what there is; any other method is refused with the same. */
function answerMethod(c: AppContext, methods: readonly string[], logger: Logger): Response {
  const allow = [...methods, "OPTIONS"].join(", ");
  if (c.req.method === "OPTIONS") {
    c.set("logFields", {});
    return new Response(null, { status: 204, headers: { allow } });
  }
  c.header("allow", allow);
  return answerError(
    c,
    new BelayError("method-not-allowed", `\`${c.req.method}\` is not one of ${allow}`),
    logger,
  );
}

function answerError(c: AppContext, error: unknown, logger: Logger): Response {
  const requestIdentifier = c.get("requestId");
  const { status, headers, document } = createProblem(error, {
    requestId: requestIdentifier,
    status: isFailedCondition(c, error) ? 412 : undefined,
  });
  c.set("logFields", { ...c.get("logFields"), code: document.code });
  if (status >= 500) logger.error({ request_id: requestIdentifier, err: error }, document.title);
  return c.body(JSON.stringify(document), status as ContentfulStatusCode, headers);
}

function isFailedCondition(c: AppContext, error: unknown): boolean {
  const isMoved = error instanceof BelayError && error.code === "channel-moved";
  return isMoved && c.req.header("if-match") !== undefined;
}
