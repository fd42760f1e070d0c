/** @module Problem documents as OpenAPI describes them, and how a route declares that it may give some. */

import { z } from "@hono/zod-openapi";
import { problemMediaType } from "../problem.ts";

export const problemSchema = z
  .looseObject({
    type: z.string().describe("stable URI that ends in the code"),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe("what is wrong with this request"),
    instance: z.string().describe("names the request; ends in the value of x-request-id"),
    code: z.string().describe("stable; more may come"),
    retry: z.boolean().describe("whether the same request may succeed later"),
    errors: z
      .array(
        z.strictObject({
          pointer: z
            .string()
            .describe(
              "JSON Pointer (RFC 6901) into the body; into the query, path or header where it begins with /query/, /path/ or /header/",
            ),
          message: z.string(),
        }),
      )
      .optional()
      .describe("every place that is wrong"),
  })
  .openapi("Problem", {
    description: "A problem document (RFC 9457). docs/problems.md explains each code.",
    example: {
      type: "urn:belay:problem:invalid-request",
      title: "the request does not fit its schema",
      status: 422,
      detail: "the request does not fit its schema",
      instance: "urn:belay:request:0191d8a2-6f6c-7bb0-8a70-6f1c7f3f3a52",
      code: "invalid-request",
      retry: false,
      errors: [{ pointer: "/health/signals/0/bad", message: "`bad` exceeds `total`" }],
    },
  });

interface ProblemResponse {
  description: string;
  content: { [problemMediaType]: { schema: typeof problemSchema } };
}

const meanings = {
  400: "not HTTP, or not JSON",
  403: "asked by a page of another site",
  404: "there is no such thing",
  408: "the body did not arrive in time",
  409: "in conflict with the present state",
  412: "the state is not the one that `If-Match` names",
  413: "larger than a limit",
  415: "a content type that is not understood",
  422: "understood, and not acceptable; `errors` says where",
  500: "Belay is at fault, or the record does not verify",
  503: "not now; `Retry-After` says when to ask again",
} as const;

type ProblemStatus = keyof typeof meanings;

/** Responses of a route: the statuses it may refuse with. */
export function problemResponses<S extends ProblemStatus>(
  ...statuses: readonly S[]
): Record<S, ProblemResponse> {
  const responses = statuses.map((status) => [
    status,
    {
      description: meanings[status],
      content: { [problemMediaType]: { schema: problemSchema } },
    },
  ]);
  return Object.fromEntries(responses) as Record<S, ProblemResponse>;
}

/** What every route with a body may refuse with. */
export const bodyProblems = problemResponses(400, 403, 408, 413, 415, 422, 503);
