/** @module `health.judge`: another judge of series than Belay's own tests. */

import { z } from "@hono/zod-openapi";
import { id, optional } from "./field.ts";

const percent = z.number().min(0).max(100);
const times = z.number().min(0);

const groupSchema = z.strictObject({
  name: id,
  weight: optional(percent).openapi({
    description: "Percent of the score; groups without one share what the others leave.",
  }),
  signals: z.array(id).min(1).max(200),
});

const metricSchema = z.strictObject({
  signal: id,
  direction: optional(z.enum(["increase", "decrease", "either"])).openapi({
    description: "Which way counts as bad. Defaults to the signal's `direction`, else to `either`.",
  }),
  effect: optional(z.enum(["mean_ratio", "cles"])).openapi({
    description: "What the limits below are about; `mean_ratio` where absent.",
  }),
  allowed_increase: optional(times),
  allowed_decrease: optional(times),
  critical_increase: optional(times),
  critical_decrease: optional(times),
  outliers: optional(z.enum(["keep", "remove"])),
  nan: optional(z.enum(["remove", "replace"])).openapi({
    description: "What becomes of points without a value; `replace` takes them for 0.",
  }),
  must_have_data: optional(z.boolean()),
});

export const judgeSchema = z
  .strictObject({
    name: z.literal("netflix_aca"),
    pass: optional(percent).openapi({ description: "Score at which it passes; 75 where absent." }),
    marginal: optional(percent).openapi({
      description: "Score at which it is not yet a failure; 50 where absent.",
    }),
    groups: optional(z.array(groupSchema).max(20)).openapi({
      description:
        "Ids of signals, by what they are about. Absent: one group of all with a series.",
    }),
    metrics: optional(z.array(metricSchema).max(500)).openapi({
      description: "How single signals are classified, where not by the defaults.",
    }),
  })
  .openapi("Judge", {
    description:
      "Asks for a score by the rules of Kayenta's NetflixACAJudge in place of Belay's own tests of the same signals.",
    example: { name: "netflix_aca", pass: 75, marginal: 50 },
  });
