/** @module How a route that is declared with `createRoute` comes into the app and gets its input. */

import { type OpenAPIHono, type RouteConfig, z } from "@hono/zod-openapi";
import { BelayError } from "../base/errors.ts";
import { escapePointer } from "../base/json-difference.ts";
import type { AppContext, AppEnv } from "./app-env.ts";
import { parseWith } from "./parse-with.ts";

/** What the schemas of a route make of its path and its query. */
export interface RouteInput<R extends RouteConfig> {
  readonly params: OutputOf<R, "params">;
  readonly query: OutputOf<R, "query">;
}

type OutputOf<R extends RouteConfig, Part extends "params" | "query"> = R["request"] extends {
  [K in Part]: infer S;
}
  ? S extends z.ZodType
    ? z.output<S>
    : unknown
  : unknown;

const noQuery = z.strictObject({});

export type Declared<R extends RouteConfig> = R & { getRoutingPath(): string };

/**
 * Adds `route` to the app and to the OpenAPI document. `answer` runs with path and query parsed; the
 * body it reads itself, because only then is its size bounded before anything else is done with it.
 * @throws in the request: `invalid-request`, pointers beginning with `/path/` or `/query/`
 */
export function mountRoute<R extends RouteConfig>(
  app: OpenAPIHono<AppEnv>,
  route: Declared<R>,
  answer: (c: AppContext, input: RouteInput<R>) => Response | Promise<Response>,
): void {
  app.openAPIRegistry.registerPath(route);
  app.on(route.method, route.getRoutingPath(), (c) => {
    c.set("route", route.path);
    const input = {
      params: parsePart("path", route.request?.params, c.req.param()),
      query: parsePart("query", route.request?.query ?? noQuery, readQuery(c)),
    };
    return answer(c, input as RouteInput<R>);
  });
}

function parsePart(
  part: "path" | "query",
  schema: z.ZodType | undefined,
  values: Readonly<Record<string, string>>,
): unknown {
  return schema === undefined ? {} : parseWith(schema, values, `/${part}`);
}

function readQuery(c: AppContext): Record<string, string> {
  const values = Object.entries(c.req.queries());
  const repeated = values.filter(([, given]) => given.length > 1);
  if (repeated.length > 0) {
    throw new BelayError("invalid-request", "the query says something more than once", {
      issues: repeated.slice(0, 50).map(([name]) => ({
        pointer: `/query/${escapePointer(name)}`,
        message: "is given more than once",
      })),
    });
  }
  return Object.fromEntries(values.map(([name, [value = ""]]) => [name, value]));
}
