/** @module Decisions and what is said about them, as they go over the wire. */

import { z } from "@hono/zod-openapi";
import { decisionSchema } from "../../decision/decision.ts";
import { coverageSchema } from "./bundle-schema.ts";
import { revision } from "./parameter-schema.ts";

const recordPlaceSchema = z
  .strictObject({
    leaf_index: z.int().describe("0-based place in the record"),
    leaf_sha256: z.string().describe("RFC 6962 leaf hash, hex"),
    tree_size: z.int().describe("size of a tree that holds the entry"),
    root_sha256: z.string().describe("root of that tree, hex"),
  })
  .openapi("RecordPlace");

/** Written out, and not an extension: in JSON Schema two closed objects have no common instance. */
export const recordedDecisionSchema = z
  .strictObject({ ...decisionSchema.shape, record: recordPlaceSchema })
  .openapi("RecordedDecision", { description: "A decision, and where it lies in the record." });

export const decisionPageSchema = z
  .strictObject({
    decisions: z.array(recordedDecisionSchema),
    next: z.string().optional().describe("`cursor` of the next page; absent on the last"),
  })
  .openapi("DecisionPage");

export const replayRequestSchema = z
  .strictObject({ revision: revision.optional() })
  .openapi("ReplayRequest", { description: "The recorded revision where none is named." });

export const replaySchema = z
  .strictObject({
    same: z.boolean().describe("byte for byte"),
    revision: z.string(),
    recorded: decisionSchema,
    replayed: decisionSchema,
    differences: z.array(
      z.strictObject({ path: z.string(), recorded: z.unknown(), replayed: z.unknown() }),
    ),
  })
  .openapi("Replay");

export const explanationSchema = z
  .strictObject({
    decision_id: z.string(),
    verdict: z.string(),
    summary: z.string(),
    rules: z.array(
      z.strictObject({
        policy: z.string(),
        rule: z.string(),
        code: z.string(),
        file: z.string(),
        row: z.int(),
        fired: z.boolean(),
        stopped_at_row: z
          .int()
          .optional()
          .describe("the last line that was reached, where the rule did not fire"),
      }),
    ),
    absent: z
      .array(z.string())
      .describe("fields that the policies read and the request left out, as JSON Pointers"),
    trace: z.array(z.string()).describe("OPA's trace, one line each"),
    covered: coverageSchema,
  })
  .openapi("Explanation");
