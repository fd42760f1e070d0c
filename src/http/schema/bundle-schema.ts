/** @module Bundles and channels as they go over the wire. */

import { z } from "@hono/zod-openapi";
import type { KeptBundle } from "../../store/record-store.ts";
import { channelName, revision } from "./parameter-schema.ts";
import { problemSchema } from "./problem-schema.ts";

const sourceFile = z.strictObject({ path: z.string(), text: z.string() });

/** A pack in a request. Bounds of its whole are the body's; `bundle` checks names and content. */
export const packSchema = z
  .strictObject({
    files: z
      .array(z.strictObject({ path: z.string().min(1).max(200), text: z.string() }))
      .min(1)
      .max(2000),
  })
  .openapi("Pack", {
    description: "The files of a pack: Rego, YAML and JSON as text, paths from the pack's root.",
    example: { files: [{ path: "pack.yaml", text: "name: my-pack\n" }] },
  });

export const keptBundleSchema = z
  .strictObject({
    name: z.string(),
    revision: revision.describe("digest of the content"),
    sha256: z.string().describe("SHA-256 of the archive, hex"),
    archive_bytes: z.int(),
    leaf_index: z.int().describe("where its publication lies in the record"),
    published_at: z.iso.datetime(),
  })
  .openapi("Bundle");

export function keptBundleDocument(kept: KeptBundle): z.infer<typeof keptBundleSchema> {
  return {
    name: kept.name,
    revision: kept.revision,
    sha256: kept.sha256,
    archive_bytes: kept.archiveBytes,
    leaf_index: kept.leafIndex,
    published_at: kept.publishedAt,
  };
}

export const coverageSchema = z
  .looseObject({
    covered_lines: z.int(),
    not_covered_lines: z.int(),
    coverage: z.number().describe("percent, 0 to 100"),
    files: z.record(z.string(), z.unknown()).describe("the same for each file, with line ranges"),
  })
  .openapi("Coverage", { description: "Line coverage as `opa test --coverage` reports it." });

const diagnosticSchema = z
  .strictObject({
    code: z.string(),
    message: z.string(),
    file: z.string().describe("empty where no file is at fault"),
    row: z.int().describe("1-based; 0 where unknown"),
    col: z.int().describe("1-based; 0 where unknown"),
  })
  .openapi("Diagnostic");

export const testSummarySchema = z
  .strictObject({
    passed: z.int(),
    failed: z.int(),
    skipped: z.int(),
    results: z.array(z.looseObject({})).describe("each test, as `opa test --format=json` has it"),
    cases: z.array(
      z.strictObject({
        file: z.string(),
        description: z.string(),
        passed: z.boolean(),
        differences: z.array(z.string()),
      }),
    ),
    coverage: coverageSchema.optional(),
  })
  .openapi("TestSummary");

export const publicationSchema = z
  .strictObject({
    outcome: z.enum(["published", "kept-already"]),
    bundle: keptBundleSchema,
    tests: testSummarySchema,
  })
  .openapi("Publication");

export const publicationProblemSchema = problemSchema
  .extend({
    diagnostics: z
      .array(diagnosticSchema)
      .optional()
      .describe("with `pack-refused`: everything that is wrong"),
    tests: testSummarySchema.optional().describe("with `pack-refused`, where they ran"),
  })
  .openapi("PublicationProblem");

export const bundleListSchema = z
  .strictObject({ bundles: z.array(keptBundleSchema) })
  .openapi("BundleList");

export const bundleDetailSchema = z
  .strictObject({
    bundle: keptBundleSchema,
    manifest: z.looseObject({}).describe("OPA's bundle manifest"),
    sources: z.array(sourceFile).describe("Rego, tests included"),
    documents: z.array(sourceFile).describe("cases and signal mappings"),
    rules: z.array(z.looseObject({})).describe("where each finding code is stated"),
  })
  .openapi("BundleDetail");

export const promotionSchema = z.strictObject({ revision }).openapi("Promotion");

export const channelSchema = z
  .strictObject({ channel: channelName, revision })
  .openapi("Channel", { description: "The revision that a channel points at." });

export const channelHistorySchema = z
  .strictObject({
    channel: z.string(),
    moves: z.array(
      z.strictObject({
        id: z.string(),
        time: z.iso.datetime(),
        from: z.string().nullable().describe("null for the first"),
        to: z.string(),
        caller: z.strictObject({ subject: z.string(), auth: z.string() }),
        leaf_index: z.int(),
      }),
    ),
  })
  .openapi("ChannelHistory");
