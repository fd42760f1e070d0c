/** @module Bundles: publish a pack or an archive, list, read, download. */

import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { BelayError } from "../../base/errors.ts";
import type { Caller } from "../../log/entry.ts";
import type { Belay, PackFiles, Publication } from "../../service/belay.ts";
import type { AppContext, AppEnv } from "../app-env.ts";
import { callerOf } from "../caller.ts";
import { hasETag } from "../etag.ts";
import { httpLimits } from "../limits.ts";
import { parseWith } from "../parse-with.ts";
import { problemMediaType } from "../problem.ts";
import { type Body, type BodyReader, jsonMediaType, parseJsonBody } from "../request-body.ts";
import { mountRoute } from "../route.ts";
import {
  bundleDetailSchema,
  bundleListSchema,
  keptBundleDocument,
  packSchema,
  publicationProblemSchema,
  publicationSchema,
} from "../schema/bundle-schema.ts";
import { revision } from "../schema/parameter-schema.ts";
import { bodyProblems, problemResponses } from "../schema/problem-schema.ts";

const archiveMediaTypes = [
  "application/gzip",
  "application/vnd.openpolicyagent.bundles",
  "application/octet-stream",
] as const;

const archiveContent = Object.fromEntries(
  archiveMediaTypes.map((type) => [
    type,
    { schema: { type: "string", format: "binary" } as const },
  ]),
);

const tags = ["Bundles"];
const byRevision = z.object({
  revision: revision.openapi({ param: { name: "revision", in: "path" } }),
});

const publishRoute = createRoute({
  method: "post",
  path: "/v1/bundles",
  operationId: "publishBundle",
  tags,
  summary: "Publish a pack or a built bundle",
  description:
    "Compiles it, checks it, runs its tests and cases. It is kept under its revision, or refused with everything that is wrong with it: then the problem has `diagnostics` and, where they ran, `tests`.",
  request: {
    body: {
      required: true,
      content: {
        [jsonMediaType]: { schema: { $ref: "#/components/schemas/Pack" } },
        ...archiveContent,
      },
    },
  },
  responses: {
    200: {
      description: "the same content is kept already",
      content: { [jsonMediaType]: { schema: publicationSchema } },
    },
    201: {
      description: "kept; `Location` is the bundle",
      content: { [jsonMediaType]: { schema: publicationSchema } },
    },
    ...bodyProblems,
    422: {
      description: "refused; `errors` or `diagnostics` say where",
      content: { [problemMediaType]: { schema: publicationProblemSchema } },
    },
  },
});

const listRoute = createRoute({
  method: "get",
  path: "/v1/bundles",
  operationId: "listBundles",
  tags,
  summary: "List the bundles that are kept",
  responses: {
    200: {
      description: "all of them, newest first",
      content: { [jsonMediaType]: { schema: bundleListSchema } },
    },
  },
});

const readRoute = createRoute({
  method: "get",
  path: "/v1/bundles/{revision}",
  operationId: "readBundle",
  tags,
  summary: "Read a bundle: manifest, sources, rules",
  request: { params: byRevision },
  responses: {
    200: {
      description: "the bundle",
      content: { [jsonMediaType]: { schema: bundleDetailSchema } },
    },
    ...problemResponses(404, 422),
  },
});

const archiveRoute = createRoute({
  method: "get",
  path: "/v1/bundles/{revision}/archive",
  operationId: "downloadBundle",
  tags,
  summary: "Download a bundle as OPA reads it",
  request: { params: byRevision },
  responses: {
    200: {
      description: "the archive as it was kept; it never changes",
      content: { "application/gzip": { schema: { type: "string", format: "binary" } } },
    },
    304: { description: "the caller has it" },
    ...problemResponses(404, 422),
  },
});

export function mountBundles(app: OpenAPIHono<AppEnv>, belay: Belay, bodies: BodyReader): void {
  app.openAPIRegistry.register("Pack", packSchema);

  mountRoute(app, publishRoute, (c) => {
    const expected = {
      mediaTypes: [jsonMediaType, ...archiveMediaTypes],
      bytesMax: Math.max(httpLimits.pack.bytesMax, httpLimits.archiveBytesMax),
    };
    return bodies.read(c, expected, async (body) => {
      const publication = await publish(belay, body, callerOf(c));
      return answerPublication(c, publication);
    });
  });

  mountRoute(app, listRoute, async (c) => {
    const bundles = await belay.listBundles();
    return c.json({ bundles: bundles.map(keptBundleDocument) });
  });

  mountRoute(app, readRoute, async (c, { params }) => {
    const { bundle, ...detail } = await belay.loadBundle(params.revision);
    return c.json({ bundle: keptBundleDocument(bundle), ...detail });
  });

  mountRoute(app, archiveRoute, async (c, { params }) => {
    const archive = await belay.loadArchive(params.revision);
    const etag = `"${params.revision}"`;
    c.header("etag", etag);
    c.header("cache-control", "public, max-age=31536000, immutable");
    if (hasETag(c.req.header("if-none-match"), etag)) return c.body(null, 304);
    c.header("content-type", "application/gzip");
    c.header("content-disposition", `attachment; filename="${params.revision}.tar.gz"`);
    return c.body(Uint8Array.from(archive));
  });
}

async function publish(belay: Belay, body: Body, caller: Caller): Promise<Publication> {
  if (body.mediaType !== jsonMediaType) return belay.publishArchive(body.bytes, caller);
  const pack: PackFiles = parseWith(packSchema, parseJsonBody(body, httpLimits.pack));
  return belay.publishPack(pack, caller);
}

function answerPublication(c: AppContext, publication: Publication): Response {
  if (publication.outcome === "refused") {
    const { diagnostics, tests } = publication;
    throw new BelayError("pack-refused", `the pack was refused: ${countOf(diagnostics.length)}`, {
      extra: { diagnostics, ...(tests === undefined ? {} : { tests }) },
    });
  }
  const { outcome, bundle, tests } = publication;
  const isNew = outcome === "published";
  if (isNew) c.header("location", `/v1/bundles/${bundle.revision}`);
  c.set("logFields", { revision: bundle.revision, outcome });
  return c.json({ outcome, bundle: keptBundleDocument(bundle), tests }, isNew ? 201 : 200);
}

function countOf(diagnostics: number): string {
  return diagnostics === 1 ? "1 diagnostic" : `${String(diagnostics)} diagnostics`;
}
