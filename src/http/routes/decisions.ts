/** @module Decisions: ask for one, list them, read, explain and replay one. */

import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { canonicalJson } from "../../base/canonical-json.ts";
import { BelayError } from "../../base/errors.ts";
import type { JsonValue } from "../../base/json.ts";
import { type DecisionRequest, decisionRequestSchema } from "../../decision/request.ts";
import type { Belay, RecordedDecision } from "../../service/belay.ts";
import type { AppContext, AppEnv } from "../app-env.ts";
import { callerOf } from "../caller.ts";
import { decisionText } from "../decision-text.ts";
import { httpLimits } from "../limits.ts";
import type { ThreadMetrics } from "../metrics.ts";
import { parseWith } from "../parse-with.ts";
import { type Body, type BodyReader, jsonMediaType, parseJsonBody } from "../request-body.ts";
import { mountRoute } from "../route.ts";
import {
  decisionPageSchema,
  explanationSchema,
  recordedDecisionSchema,
  replayRequestSchema,
  replaySchema,
} from "../schema/decision-schema.ts";
import { decisionId, instant, wholeNumber } from "../schema/parameter-schema.ts";
import { bodyProblems, problemResponses } from "../schema/problem-schema.ts";

const tags = ["Decisions"];
const byId = z.object({ id: decisionId });
const json = { mediaTypes: [jsonMediaType], bytesMax: httpLimits.json.bytesMax };
const recorded = { [jsonMediaType]: { schema: recordedDecisionSchema } };
const { idempotencyKeyLengthMax, pageLengthDefault, pageLengthMax } = httpLimits;

const decideRoute = createRoute({
  method: "post",
  path: "/v1/decisions",
  operationId: "decide",
  tags,
  summary: "Ask: carry on, roll back, or ask a human?",
  description:
    "Answers 200 for every verdict, once the decision is on record. A request that cannot be understood is refused and leaves no decision. Where the record cannot be written the problem carries `verdict: escalate` and `logged: false`.",
  request: {
    headers: z.object({
      "idempotency-key": z.string().min(1).max(idempotencyKeyLengthMax).optional().openapi({
        description:
          "Printable ASCII. The same key with the same body gives the recorded decision again; with another body it is refused. Goes before `request.idempotency_key`.",
      }),
    }),
    body: {
      required: true,
      content: { [jsonMediaType]: { schema: { $ref: "#/components/schemas/DecisionRequest" } } },
    },
  },
  responses: {
    200: {
      description: "the decision, and where it lies in the record",
      headers: {
        "belay-decision-id": { schema: { type: "string" } },
        "idempotent-replayed": {
          description: "`true` where this is the answer to an earlier call",
          schema: { type: "string" },
        },
      },
      content: recorded,
    },
    ...bodyProblems,
  },
});

const listRoute = createRoute({
  method: "get",
  path: "/v1/decisions",
  operationId: "listDecisions",
  tags,
  summary: "List decisions, newest first",
  request: {
    query: z.strictObject({
      service: z.string().min(1).max(200).optional(),
      verdict: z.enum(["allow", "rollback", "escalate"]).optional(),
      policy: z.string().min(1).max(200).optional().openapi({ description: "gave a reason" }),
      since: instant.optional(),
      until: instant.optional(),
      cursor: wholeNumber(0, Number.MAX_SAFE_INTEGER)
        .optional()
        .openapi({ description: "`next` of the page before" }),
      limit: wholeNumber(1, pageLengthMax)
        .default(pageLengthDefault)
        .openapi({ description: `${String(pageLengthDefault)} where absent` }),
    }),
  },
  responses: {
    200: {
      description: "one page; `next` is absent on the last",
      content: { [jsonMediaType]: { schema: decisionPageSchema } },
    },
    ...problemResponses(422),
  },
});

const readRoute = createRoute({
  method: "get",
  path: "/v1/decisions/{id}",
  operationId: "readDecision",
  tags,
  summary: "Read a decision",
  request: { params: byId },
  responses: {
    200: { description: "the decision as it was answered", content: recorded },
    ...problemResponses(404, 422),
  },
});

const accountRoute = createRoute({
  method: "get",
  path: "/v1/decisions/{id}/account",
  operationId: "readAccount",
  tags,
  summary: "Read the account of a decision, in Markdown",
  description: "For tickets and post-mortems. Nothing that a request said is taken for markup.",
  request: { params: byId },
  responses: {
    200: {
      description: "the account",
      content: { "text/markdown; charset=utf-8": { schema: z.string() } },
    },
    ...problemResponses(404, 422),
  },
});

const explainRoute = createRoute({
  method: "get",
  path: "/v1/decisions/{id}/explain",
  operationId: "explainDecision",
  tags,
  summary: "Explain a decision",
  description:
    "The recorded input evaluated by OPA's interpreter: rules that fired and how far the others got, fields that were absent, trace, covered lines.",
  request: { params: byId },
  responses: {
    200: {
      description: "the explanation",
      content: { [jsonMediaType]: { schema: explanationSchema } },
    },
    ...problemResponses(404, 422, 503),
  },
});

const replayRoute = createRoute({
  method: "post",
  path: "/v1/decisions/{id}/replay",
  operationId: "replayDecision",
  tags,
  summary: "Decide the recorded input again",
  description: "With the recorded bundle, or with any other that is kept. Nothing is recorded.",
  request: {
    params: byId,
    body: {
      required: false,
      content: { [jsonMediaType]: { schema: replayRequestSchema } },
    },
  },
  responses: {
    200: {
      description: "both decisions and where they differ",
      content: { [jsonMediaType]: { schema: replaySchema } },
    },
    ...problemResponses(404),
    ...bodyProblems,
  },
});

export function mountDecisions(
  app: OpenAPIHono<AppEnv>,
  { belay, bodies, metrics }: { belay: Belay; bodies: BodyReader; metrics: ThreadMetrics },
): void {
  app.openAPIRegistry.register("DecisionRequest", decisionRequestSchema);

  mountRoute(app, decideRoute, (c) => {
    const idempotencyKey = parseIdempotencyKey(c.req.header("idempotency-key"));
    return bodies.read(c, json, async (body) => {
      const request = parseJsonBody(body, httpLimits.json);
      const finish = metrics.startDecision();
      try {
        const answer = await belay.decide({
          request,
          caller: callerOf(c),
          ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
        });
        finish({
          verdict: answer.decision.verdict,
          question: questionOf(request),
          repeated: answer.repeated,
        });
        return answerDecided(c, answer);
      } catch (error) {
        finish();
        throw error;
      }
    });
  });

  mountRoute(app, listRoute, async (c, { query }) => {
    const { since, until, cursor, limit, service, verdict, policy } = query;
    const page = await belay.listDecisions({
      limit,
      ...(service === undefined ? {} : { service }),
      ...(verdict === undefined ? {} : { verdict }),
      ...(policy === undefined ? {} : { policy }),
      ...(since === undefined ? {} : { sinceMs: since }),
      ...(until === undefined ? {} : { untilMs: until }),
      ...(cursor === undefined ? {} : { beforeLeafIndex: cursor }),
    });
    const next = page.next === undefined ? "" : `,"next":"${String(page.next)}"`;
    const decisions = page.decisions.map(decisionText).join(",");
    return answerJson(c, `{"decisions":[${decisions}]${next}}`);
  });

  mountRoute(app, readRoute, async (c, { params }) =>
    answerJson(c, decisionText(await belay.loadDecision(params.id))),
  );

  mountRoute(app, accountRoute, async (c, { params }) => {
    const headers = { "content-type": "text/markdown; charset=utf-8" };
    return c.body(await belay.loadAccount(params.id), 200, headers);
  });

  mountRoute(app, explainRoute, async (c, { params }) => c.json(await belay.explain(params.id)));

  mountRoute(app, replayRoute, (c, { params }) =>
    bodies.read(c, json, async (body) => {
      const { revision } = parseReplayRequest(body);
      const replay = await belay.replay(params.id, revision);
      // Canonical, so that two decisions that are the same are the same text.
      return answerJson(c, canonicalJson(replay as unknown as JsonValue));
    }),
  );
}

/** Of a request that was decided, and so fits its schema. */
function questionOf(request: JsonValue): string {
  return (request as Partial<DecisionRequest>).request?.question ?? "continue";
}

function answerJson(c: AppContext, text: string): Response {
  return c.body(text, 200, { "content-type": jsonMediaType });
}

function answerDecided(c: AppContext, answer: RecordedDecision): Response {
  const { verdict, code, provenance } = answer.decision;
  c.header("belay-decision-id", provenance.decision_id);
  if (answer.repeated) c.header("idempotent-replayed", "true");
  c.set("logFields", {
    decision_id: provenance.decision_id,
    verdict,
    decision_code: code,
    repeated: answer.repeated,
  });
  return answerJson(c, decisionText(answer));
}

function parseReplayRequest(body: Body): z.output<typeof replayRequestSchema> {
  if (body.bytes.length === 0) return {};
  return parseWith(replayRequestSchema, parseJsonBody(body, httpLimits.json));
}

function parseIdempotencyKey(header: string | undefined): string | undefined {
  if (header === undefined || /^[\x21-\x7e]{1,200}$/.test(header)) return header;
  throw new BelayError("invalid-request", "the idempotency key cannot be used", {
    issues: [
      {
        pointer: "/header/idempotency-key",
        message: `must be 1 to ${String(idempotencyKeyLengthMax)} printable ASCII characters without spaces`,
      },
    ],
  });
}
