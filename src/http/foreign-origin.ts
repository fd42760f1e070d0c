/**
 * @module Keeps web pages of other sites out. A server without authentication on this machine is
 * within reach of every page its user opens: a page may post to `http://127.0.0.1` (request
 * forgery), and with a name of its own that resolves to 127.0.0.1 it may even read the answers (DNS
 * rebinding). Browsers give such requests away by `Origin`, `Sec-Fetch-Site` and `Host`; gates and
 * pipelines are no browsers and are not affected.
 */

import type { MiddlewareHandler } from "hono";
import { BelayError } from "../base/errors.ts";
import type { AppEnv } from "./app-env.ts";

const safeMethods: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/** @param hostNames names this server answers to besides those of this machine; `any` for all */
export function refuseForeignOrigin(
  hostNames: readonly string[] | "any",
): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const { host, hostname } = new URL(c.req.url);
    if (hostNames !== "any" && !isLocalName(hostname) && !hostNames.includes(hostname)) {
      throw new BelayError("foreign-origin", `\`${hostname}\` is not a name of this server`);
    }
    if (!safeMethods.has(c.req.method)) {
      const site = c.req.header("sec-fetch-site");
      const origin = c.req.header("origin");
      const isForeignSite = site !== undefined && site !== "same-origin" && site !== "none";
      if (isForeignSite || (origin !== undefined && hostOf(origin) !== host)) {
        throw new BelayError("foreign-origin", "a page of another site may not change anything");
      }
    }
    await next();
  };
}

function isLocalName(hostname: string): boolean {
  return (
    hostname === "localhost" ||
    hostname.endsWith(".localhost") ||
    hostname === "[::1]" ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname)
  );
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
