/** @module Channels: which revision is in force, moving it, and the way back. */

import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { Belay, ChannelState } from "../../service/belay.ts";
import type { AppContext, AppEnv } from "../app-env.ts";
import { callerOf } from "../caller.ts";
import { parseIfMatch } from "../etag.ts";
import { httpLimits } from "../limits.ts";
import { parseWith } from "../parse-with.ts";
import { type BodyReader, jsonMediaType, parseJsonBody } from "../request-body.ts";
import { mountRoute } from "../route.ts";
import { channelHistorySchema, channelSchema, promotionSchema } from "../schema/bundle-schema.ts";
import { channelName } from "../schema/parameter-schema.ts";
import { bodyProblems, problemResponses } from "../schema/problem-schema.ts";

const tags = ["Channels"];
const byName = z.object({ name: channelName });
const channelAnswer = {
  description: "what the channel points at; `ETag` is the revision in quotes",
  content: { [jsonMediaType]: { schema: channelSchema } },
};

const readRoute = createRoute({
  method: "get",
  path: "/v1/channels/{name}",
  operationId: "readChannel",
  tags,
  summary: "Read what a channel points at",
  request: { params: byName },
  responses: { 200: channelAnswer, ...problemResponses(404, 422) },
});

const promoteRoute = createRoute({
  method: "put",
  path: "/v1/channels/{name}",
  operationId: "promoteBundle",
  tags,
  summary: "Point a channel at a bundle",
  description:
    "From the answer on, decisions of `production` come from that revision. With `If-Match`, only if the channel still points where the caller believes.",
  request: {
    params: byName,
    headers: z.object({
      "if-match": z
        .string()
        .optional()
        .openapi({ description: "the revision believed to be in force, in quotes" }),
    }),
    body: { required: true, content: { [jsonMediaType]: { schema: promotionSchema } } },
  },
  responses: { 200: channelAnswer, ...problemResponses(404, 409, 412), ...bodyProblems },
});

const revertRoute = createRoute({
  method: "post",
  path: "/v1/channels/{name}/revert",
  operationId: "revertChannel",
  tags,
  summary: "Go back to the revision before",
  description: "To the one that was in force before the present one. Takes no body.",
  request: { params: byName },
  responses: { 200: channelAnswer, ...problemResponses(403, 404, 409, 422, 503) },
});

const historyRoute = createRoute({
  method: "get",
  path: "/v1/channels/{name}/history",
  operationId: "readChannelHistory",
  tags,
  summary: "Read where a channel pointed, and since when",
  request: { params: byName },
  responses: {
    200: {
      description: "the last 1,000 moves, newest first",
      content: { [jsonMediaType]: { schema: channelHistorySchema } },
    },
    ...problemResponses(404, 422),
  },
});

export function mountChannels(app: OpenAPIHono<AppEnv>, belay: Belay, bodies: BodyReader): void {
  mountRoute(app, readRoute, async (c, { params }) =>
    answerChannel(c, await belay.loadChannel(params.name)),
  );

  mountRoute(app, promoteRoute, (c, { params }) => {
    const expected = parseIfMatch(c.req.header("if-match"));
    const json = { mediaTypes: [jsonMediaType], bytesMax: httpLimits.json.bytesMax };
    return bodies.read(c, json, async (body) => {
      const { revision } = parseWith(promotionSchema, parseJsonBody(body, httpLimits.json));
      const state = await belay.promote(params.name, revision, callerOf(c), expected);
      return answerChannel(c, state);
    });
  });

  mountRoute(app, revertRoute, async (c, { params }) =>
    answerChannel(c, await belay.revert(params.name, callerOf(c))),
  );

  mountRoute(app, historyRoute, async (c, { params }) => {
    const { channel } = await belay.loadChannel(params.name);
    return c.json({ channel, moves: await belay.channelHistory(channel) });
  });
}

function answerChannel(c: AppContext, state: ChannelState): Response {
  c.header("etag", `"${state.revision}"`);
  c.set("logFields", { channel: state.channel, revision: state.revision });
  return c.json(state);
}
