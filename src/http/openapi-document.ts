/** @module The OpenAPI 3.1 document, made from the routes and the schemas that parse. */

import type { OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "./app-env.ts";

export type OpenApiDocument = ReturnType<OpenAPIHono["getOpenAPI31Document"]>;

const description = `Belay answers one question for a deploy gate: given what we see and what was
released, do we carry on, roll back, or ask a human?

Every verdict is an answer with status 200, given once the decision is on record. Whatever is not
answered is a problem document (RFC 9457) with a stable \`code\`. Times are milliseconds since 1970
(\`_ms\`), durations seconds (\`_s\`), ratios 0 to 1.`;

export function createOpenApiDocument(app: OpenAPIHono<AppEnv>, version: string): OpenApiDocument {
  return app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Belay",
      version,
      description: description.replaceAll(/(?<!\n)\n(?!\n)/g, " "),
      license: { name: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    tags: [
      { name: "Decisions", description: "Ask, and look at what was answered." },
      { name: "Rollbacks", description: "Carry a plan out, agree to it, see that it worked." },
      { name: "Snapshots", description: "Health from a metrics provider's answers." },
      { name: "Bundles", description: "Policies, compiled and kept for ever." },
      { name: "Channels", description: "Which bundle is in force." },
      { name: "Operations", description: "For those who run it." },
    ],
  });
}
