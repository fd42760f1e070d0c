/** @module Rollbacks: report the steps of a plan, verify the health after it, answer an escalation. */

import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { Belay } from "../../service/belay.ts";
import type { RollbackState } from "../../service/rollback/rollback-state.ts";
import type { AppContext, AppEnv } from "../app-env.ts";
import { callerHeader, callerOf } from "../caller.ts";
import { decisionText } from "../decision-text.ts";
import { httpLimits } from "../limits.ts";
import { parseWith } from "../parse-with.ts";
import { type BodyReader, jsonMediaType, parseJsonBody } from "../request-body.ts";
import { mountRoute } from "../route.ts";
import { decisionId } from "../schema/parameter-schema.ts";
import { bodyProblems, problemResponses } from "../schema/problem-schema.ts";
import {
  resolutionSchema,
  rollbackStateSchema,
  stepReportSchema,
  verificationRequestSchema,
  verifiedRollbackSchema,
} from "../schema/rollback-schema.ts";

const tags = ["Rollbacks"];
const byId = z.object({ id: decisionId });
const json = { mediaTypes: [jsonMediaType], bytesMax: httpLimits.json.bytesMax };
const state = {
  description: "how far the plan has come, and which steps may come next",
  content: { [jsonMediaType]: { schema: rollbackStateSchema } },
};
const named = z.object({
  [callerHeader]: z.string().optional().openapi({
    description: "Who says so. Taken from this machine only, and recorded as a claim.",
  }),
});

const stepRoute = createRoute({
  method: "post",
  path: "/v1/decisions/{id}/steps/{step}",
  operationId: "reportStep",
  tags,
  summary: "Report a step of the plan",
  description:
    "A step is started, and then has succeeded or failed. Each report is taken once: the same report again is answered without a second effect. A step that is not heard of by its deadline has failed. What may not come now is refused with the reason.",
  request: {
    headers: named,
    params: byId.extend({
      step: z
        .string()
        .min(1)
        .max(200)
        .openapi({ param: { name: "step", in: "path" }, example: "1-traffic_shift" }),
    }),
    body: { required: true, content: { [jsonMediaType]: { schema: stepReportSchema } } },
  },
  responses: { 200: state, ...problemResponses(404, 409), ...bodyProblems },
});

const verificationRoute = createRoute({
  method: "post",
  path: "/v1/decisions/{id}/verification",
  operationId: "verifyRollback",
  tags,
  summary: "Has it recovered?",
  description:
    "Judges the health after the plan by the rules in force, as a decision of its own. The plan is closed when the service has recovered and every step is through.",
  request: {
    headers: named,
    params: byId,
    body: { required: true, content: { [jsonMediaType]: { schema: verificationRequestSchema } } },
  },
  responses: {
    200: {
      description: "what the health after the plan came to",
      content: { [jsonMediaType]: { schema: verifiedRollbackSchema } },
    },
    ...problemResponses(404, 409),
    ...bodyProblems,
  },
});

const resolutionRoute = createRoute({
  method: "post",
  path: "/v1/decisions/{id}/resolution",
  operationId: "resolveEscalation",
  tags,
  summary: "Answer an escalation",
  description:
    "One person's answer. How many have to agree depends on the tier; who made the release never suffices alone. An answer to roll back names the plan it agrees to.",
  request: {
    headers: named,
    params: byId,
    body: { required: true, content: { [jsonMediaType]: { schema: resolutionSchema } } },
  },
  responses: { 200: state, ...problemResponses(404, 409), ...bodyProblems },
});

const progressRoute = createRoute({
  method: "get",
  path: "/v1/decisions/{id}/progress",
  operationId: "readProgress",
  tags,
  summary: "How far has the plan come?",
  request: { params: byId },
  responses: { 200: state, ...problemResponses(404, 422) },
});

export function mountRollbacks(app: OpenAPIHono<AppEnv>, belay: Belay, bodies: BodyReader): void {
  mountRoute(app, stepRoute, (c, { params }) =>
    bodies.read(c, json, async (body) => {
      const {
        state: reported,
        attempt,
        detail,
      } = parseWith(stepReportSchema, parseJsonBody(body, httpLimits.json));
      const answer = await belay.reportStep(params.id, {
        step: params.step,
        state: reported,
        ...(attempt === undefined ? {} : { attempt }),
        ...(detail === undefined ? {} : { detail }),
        caller: callerOf(c),
      });
      return answerState(c, answer);
    }),
  );

  mountRoute(app, verificationRoute, (c, { params }) =>
    bodies.read(c, json, async (body) => {
      const { health } = parseWith(verificationRequestSchema, parseJsonBody(body, httpLimits.json));
      const { outcome, judged, rollback } = await belay.verifyRollback(params.id, {
        health,
        caller: callerOf(c),
      });
      c.set("logFields", { decision_id: params.id, outcome });
      const parts = [
        `"outcome":${JSON.stringify(outcome)}`,
        `"judged":${decisionText(judged)}`,
        `"rollback":${JSON.stringify(rollback)}`,
      ];
      return c.body(`{${parts.join(",")}}`, 200, { "content-type": jsonMediaType });
    }),
  );

  mountRoute(app, resolutionRoute, (c, { params }) =>
    bodies.read(c, json, async (body) => {
      const resolution = parseWith(resolutionSchema, parseJsonBody(body, httpLimits.json));
      const { choice, plan_id: planId, role, reason, expires_ms: expiresMs } = resolution;
      const answer = await belay.resolve(params.id, {
        choice,
        ...(planId === undefined ? {} : { planId }),
        role,
        reason,
        ...(expiresMs === undefined ? {} : { expiresMs }),
        breakGlass: resolution.break_glass,
        caller: callerOf(c),
      });
      return answerState(c, answer, resolution.break_glass ? { break_glass: true } : {});
    }),
  );

  mountRoute(app, progressRoute, async (c, { params }) =>
    answerState(c, await belay.loadRollback(params.id)),
  );
}

function answerState(
  c: AppContext,
  answer: RollbackState,
  logFields: Readonly<Record<string, boolean>> = {},
): Response {
  c.set("logFields", { decision_id: answer.decision_id, state: answer.state, ...logFields });
  return c.json(answer);
}
