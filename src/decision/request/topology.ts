/** @module `topology`: which services depend on which, and by what contracts. */

import { z } from "@hono/zod-openapi";
import { id, optional } from "./field.ts";

const nodeSchema = z.strictObject({
  service: id,
  tier: optional(z.int().min(0).max(3)),
  owner: optional(id),
  version: optional(id),
  health: optional(z.enum(["healthy", "degraded", "down", "unknown"])),
});

const edgeSchema = z.strictObject({
  from: id,
  to: id,
  kind: z.enum(["sync", "async", "data"]),
  contract: optional(id),
  compat: optional(z.enum(["both", "forward", "backward", "none"])),
});

export const topologySchema = z
  .strictObject({
    nodes: optional(z.array(nodeSchema).max(2_000)),
    edges: optional(z.array(edgeSchema).max(5_000)),
    deploy_order: optional(z.array(id).max(2_000)),
  })
  .openapi("Topology", {
    description: "The services around the release. An edge runs from the caller to the called.",
    example: { edges: [{ from: "web", to: "checkout", kind: "sync", compat: "both" }] },
  });
