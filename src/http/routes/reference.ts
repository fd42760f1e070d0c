/** @module The API describes itself: index, OpenAPI document, reference page. */

import { readFileSync } from "node:fs";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { sha256Hex } from "../../base/digest.ts";
import type { AppContext, AppEnv } from "../app-env.ts";
import { hasETag } from "../etag.ts";
import { createOpenApiDocument } from "../openapi-document.ts";
import type { DescribedApi } from "../reference/described-api.ts";
import { renderReference } from "../reference/reference-page.ts";
import { jsonMediaType } from "../request-body.ts";
import { mountRoute } from "../route.ts";

const tags = ["Operations"];

const indexSchema = z
  .strictObject({
    name: z.literal("belay"),
    version: z.string(),
    reference: z.string(),
    openapi: z.string(),
  })
  .openapi("Index");

const indexRoute = createRoute({
  method: "get",
  path: "/",
  operationId: "readIndex",
  tags,
  summary: "Where to read on",
  responses: {
    200: { description: "addresses", content: { [jsonMediaType]: { schema: indexSchema } } },
  },
});

const openApiRoute = createRoute({
  method: "get",
  path: "/openapi.json",
  operationId: "readOpenApi",
  tags,
  summary: "This description, for machines",
  responses: {
    200: {
      description: "OpenAPI 3.1",
      content: { [jsonMediaType]: { schema: { type: "object" } } },
    },
    304: { description: "the caller has it" },
  },
});

const referenceRoute = createRoute({
  method: "get",
  path: "/docs",
  operationId: "readReference",
  tags,
  summary: "This description, for people",
  responses: {
    200: {
      description: "a page without scripts",
      content: { "text/html": { schema: { type: "string" } } },
    },
    304: { description: "the caller has it" },
  },
});

const styleRoute = createRoute({
  method: "get",
  path: "/docs/reference.css",
  operationId: "readReferenceStyle",
  tags,
  summary: "How the reference looks",
  responses: {
    200: {
      description: "the style sheet",
      content: { "text/css": { schema: { type: "string" } } },
    },
    304: { description: "the caller has it" },
  },
});

interface Page {
  readonly text: string;
  readonly contentType: string;
  readonly etag: string;
}

/** To be called when every other route is mounted: it describes those that are. */
export function mountReference(app: OpenAPIHono<AppEnv>, version: string): void {
  mountRoute(app, indexRoute, (c) =>
    c.json({ name: "belay", version, reference: "/docs", openapi: "/openapi.json" }),
  );
  mountRoute(app, openApiRoute, (c) => answerPage(c, openApi));
  mountRoute(app, referenceRoute, (c) => {
    c.header(
      "content-security-policy",
      "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    );
    return answerPage(c, reference);
  });
  mountRoute(app, styleRoute, (c) => answerPage(c, style));

  const document = createOpenApiDocument(app, version);
  const openApi = createPage(JSON.stringify(document), jsonMediaType);
  const reference = createPage(
    renderReference(document as unknown as DescribedApi),
    "text/html; charset=utf-8",
  );
  const style = createPage(
    readFileSync(new URL("../reference/reference.css", import.meta.url), "utf8"),
    "text/css; charset=utf-8",
  );
}

function createPage(text: string, contentType: string): Page {
  return { text, contentType, etag: `"${sha256Hex(text).slice(0, 32)}"` };
}

function answerPage(c: AppContext, page: Page): Response {
  c.header("etag", page.etag);
  c.header("cache-control", "no-cache");
  if (hasETag(c.req.header("if-none-match"), page.etag)) return c.body(null, 304);
  return c.body(page.text, 200, { "content-type": page.contentType });
}
