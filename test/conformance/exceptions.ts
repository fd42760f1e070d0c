/** @module What is known not to be as OPA's cases want it: `exceptions.yaml`, read and checked. */

import { readFileSync } from "node:fs";
import { z } from "@hono/zod-openapi";
import { parse } from "yaml";
import type { OpaCase } from "./opa-cases.ts";

const count = z.int().min(0);

const exceptionSchema = z.strictObject({
  /** Each by its file and the note it has there, because notes are not unique. */
  cases: z.array(z.string()).min(1),
  /** The smallest policy that shows it. */
  example: z.string(),
  reason: z.string(),
  /** `host`: Belay's own doing. `opa-wasm`: what OPA compiles answers otherwise than OPA. */
  fault: z.enum(["host", "opa-wasm"]),
  /** `refused`: when it is compiled. `crosscheck`: topdown gives another answer. */
  caught: z.enum(["refused", "crosscheck"]),
});

export type CaseException = z.infer<typeof exceptionSchema>;

const fileSchema = z.strictObject({
  /** Cases that are right, at least. */
  right: count,
  exceptions: z.array(exceptionSchema),
  /** How many cases npm `opa-wasm` answers, and why it does not answer the others. */
  npm_opa_wasm: z.strictObject({
    right: count,
    "not compiled": count,
    "builtin missing": count,
    "no strict errors": count,
    "another answer": count,
  }),
});

export const record = fileSchema.parse(
  parse(readFileSync(new URL("exceptions.yaml", import.meta.url), "utf8")),
);

const exceptions: ReadonlyMap<string, CaseException> = new Map(
  record.exceptions.flatMap((exception) => exception.cases.map((name) => [name, exception])),
);

/** How many cases are listed. */
export const exceptionCount = exceptions.size;

export function findException({ file, note }: OpaCase): CaseException | undefined {
  return exceptions.get(`${file}: ${note}`);
}
