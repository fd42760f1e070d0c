/** @module What a request carries through the middleware to its route. */

import type { IncomingMessage } from "node:http";
import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";

export interface AppEnv {
  Bindings: HttpBindings;
  Variables: {
    requestId: string;
    /** Pattern of the route that answers, such as `/v1/decisions/{id}`; unset where none does. */
    route?: string;
    /** What the access log says besides, such as the id of the decision. */
    logFields?: Readonly<Record<string, string | number | boolean>>;
  };
}

export type AppContext = Context<AppEnv>;

/** Node's own request; undefined where the app is called without a socket, as tests do. */
export function findIncoming(c: AppContext): IncomingMessage | undefined {
  const bindings: HttpBindings | undefined = c.env;
  return bindings?.incoming;
}
