import { createRoute, OpenAPIHono } from "@hono/zod-openapi";
import { expect, test } from "vitest";
import { decisionSchema } from "../decision.ts";
import { decisionRequestSchema, parseRequest } from "../request.ts";
import { askingSchema } from "./asking.ts";
import { dataIntegritySchema, flagSchema, migrationSchema } from "./change.ts";
import { approvalsSchema, environmentSchema, historySchema } from "./circumstance.ts";
import { healthSchema, signalSchema, sloSchema } from "./health.ts";
import { releaseSchema } from "./release.ts";
import { topologySchema } from "./topology.ts";

interface OpenApiSchema {
  readonly type?: string;
  readonly description?: string;
  readonly example?: unknown;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
}

function generateOpenApi(): Record<string, OpenApiSchema> {
  const app = new OpenAPIHono();
  const route = createRoute({
    method: "post",
    path: "/decide",
    request: { body: { content: { "application/json": { schema: decisionRequestSchema } } } },
    responses: {
      200: { description: "d", content: { "application/json": { schema: decisionSchema } } },
    },
  });
  app.openAPIRegistry.registerPath(route);
  const document = app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: { title: "t", version: "1" },
  });
  return document.components?.schemas as Record<string, OpenApiSchema>;
}

const schemas = generateOpenApi();

const named =
  "DecisionRequest Asking Release HealthSnapshot Signal Slo Topology Flag Migration DataIntegrity " +
  "Approvals History Environment Decision Reason Evidence Unknown Plan PlanStep Escalation";

test("OpenAPI knows the request, the decision and their parts by name", () => {
  expect(Object.keys(schemas)).toEqual(expect.arrayContaining(named.split(" ")));
  expect(schemas["DecisionRequest"]?.required).toEqual(["release"]);
  expect(schemas["Signal"]?.required).toEqual(["id", "sli"]);
});

test.each(Object.entries(schemas))("%s is described, and takes no unknown key", (_name, schema) => {
  expect(schema.description).toMatch(/\.$/);
  expect(schema).toMatchObject({ type: "object", additionalProperties: false });
});

test.each([
  ["Asking", askingSchema],
  ["Release", releaseSchema],
  ["HealthSnapshot", healthSchema],
  ["Signal", signalSchema],
  ["Slo", sloSchema],
  ["Topology", topologySchema],
  ["Flag", flagSchema],
  ["Migration", migrationSchema],
  ["DataIntegrity", dataIntegritySchema],
  ["Approvals", approvalsSchema],
  ["History", historySchema],
  ["Environment", environmentSchema],
])("the example of %s is one", (name, schema) => {
  const example = schemas[name]?.example;
  expect(schema.safeParse(example)).toMatchObject({ success: true });
});

test("the example of a request is accepted", () => {
  const clock = { nowMs: 1_767_225_600_000, skewMs: 0 };
  expect(parseRequest(schemas["DecisionRequest"]?.example, clock).ok).toBe(true);
});
