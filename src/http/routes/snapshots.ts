/** @module Health snapshots from a metrics provider's answers. */

import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { id } from "../../decision/request/field.ts";
import { healthSchema } from "../../decision/request/health.ts";
import type { Belay } from "../../service/belay.ts";
import type { AppEnv } from "../app-env.ts";
import { httpLimits } from "../limits.ts";
import { parseWith } from "../parse-with.ts";
import { type BodyReader, jsonMediaType, parseJsonBody } from "../request-body.ts";
import { mountRoute } from "../route.ts";
import { mappingName } from "../schema/parameter-schema.ts";
import { bodyProblems, problemResponses } from "../schema/problem-schema.ts";

const snapshotRequestSchema = z
  .strictObject({
    service: id.describe("that of every signal whose mapping names none"),
    answers: z
      .record(z.string(), z.unknown())
      .describe("the provider's answers as they came, by the names the mapping gives them"),
  })
  .openapi("SnapshotRequest", {
    example: {
      service: "checkout",
      answers: {
        errors: { status: "success", data: { resultType: "vector", result: [] } },
      },
    },
  });

const snapshotRoute = createRoute({
  method: "post",
  path: "/v1/snapshots/{mapping}",
  operationId: "createSnapshot",
  tags: ["Snapshots"],
  summary: "Turn a provider's answers into a health snapshot",
  description:
    "By a mapping of the bundle in force. The answer is the `health` of a decision request. Nothing is recorded.",
  request: {
    params: z.object({ mapping: mappingName }),
    body: { required: true, content: { [jsonMediaType]: { schema: snapshotRequestSchema } } },
  },
  responses: {
    200: { description: "the snapshot", content: { [jsonMediaType]: { schema: healthSchema } } },
    ...problemResponses(404),
    ...bodyProblems,
  },
});

export function mountSnapshots(app: OpenAPIHono<AppEnv>, belay: Belay, bodies: BodyReader): void {
  mountRoute(app, snapshotRoute, (c, { params }) => {
    const json = { mediaTypes: [jsonMediaType], bytesMax: httpLimits.snapshot.bytesMax };
    return bodies.read(c, json, async (body) => {
      const { service, answers } = parseWith(
        snapshotRequestSchema,
        parseJsonBody(body, httpLimits.snapshot),
      );
      return c.json(await belay.snapshot(params.mapping, service, answers));
    });
  });
}
