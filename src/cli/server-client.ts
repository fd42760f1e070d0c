/** @module A running server, as the verbs that speak to one see it. */

import { Option } from "commander";
import { BelayError, type ErrorCode, errorCatalogue, type InputIssue } from "../base/errors.ts";
import type { keptBundleDocument } from "../http/schema/bundle-schema.ts";

export type KeptBundleDocument = ReturnType<typeof keptBundleDocument>;

/** Publishing compiles and tests; no other call takes this long. */
const answerMsMax = 180_000;

const serverDefault = "http://127.0.0.1:8282";

export function serverOption(): Option {
  return new Option("--server <url>", "the running server")
    .default(serverDefault)
    .env("BELAY_SERVER");
}

export interface Call {
  readonly method?: "GET" | "POST" | "PUT";
  /** Absolute path; what comes from outside must be encoded already. */
  readonly path: string;
  readonly json?: unknown;
  /** Who asks, as a claim; nobody where absent. */
  readonly caller?: string;
  readonly archive?: Uint8Array<ArrayBuffer>;
}

/**
 * Asks `server` and gives the JSON of its answer. `T` is what this release of Belay answers there.
 * @throws BelayError `usage`, `server-unreachable`, or the problem that the server answers with
 */
export async function ask<T>(server: string, call: Call): Promise<T> {
  const url = new URL(call.path, parseServer(server));
  const response = await send(url, call);
  const body = await readJson(response, url);
  if (response.ok) return body as T;
  throw asBelayError(body, response.status, url);
}

/**
 * The one kept revision that `text`, at least 8 of its hex digits, stands for.
 * @throws BelayError `usage`, `bundle-not-found`
 */
export async function resolveRevision(server: string, text: string): Promise<string> {
  if (!/^[0-9a-f]{8,64}$/.test(text)) {
    throw new BelayError("usage", `\`${text}\` is not a revision: 8 to 64 hex digits`);
  }
  if (text.length === 64) return text;
  const { bundles } = await ask<{ bundles: readonly KeptBundleDocument[] }>(server, {
    path: "/v1/bundles",
  });
  const found = bundles.map(({ revision }) => revision).filter((one) => one.startsWith(text));
  if (found.length > 1) {
    throw new BelayError(
      "usage",
      `\`${text}\` stands for ${found.length} revisions; give more digits`,
    );
  }
  const revision = found[0];
  if (revision === undefined) {
    throw new BelayError("bundle-not-found", `no bundle of a revision \`${text}…\` is kept`);
  }
  return revision;
}

function parseServer(server: string): URL {
  const url = URL.canParse(server) ? new URL(server) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol)) {
    throw new BelayError("usage", `\`${server}\` is not the address of a server`);
  }
  return url;
}

async function send(url: URL, call: Call): Promise<Response> {
  const body = call.json === undefined ? call.archive : JSON.stringify(call.json);
  const mediaType = call.json === undefined ? "application/gzip" : "application/json";
  try {
    return await fetch(url, {
      method: call.method ?? "GET",
      redirect: "error",
      signal: AbortSignal.timeout(answerMsMax),
      headers: {
        accept: "application/json",
        ...(call.caller === undefined ? {} : { "belay-caller": call.caller }),
        ...(body === undefined ? {} : { "content-type": mediaType }),
      },
      ...(body === undefined ? {} : { body }),
    });
  } catch (cause) {
    throw new BelayError(
      "server-unreachable",
      `no answer from \`${url.origin}\`: is \`belay serve\` running there?`,
      { cause },
    );
  }
}

async function readJson(response: Response, url: URL): Promise<unknown> {
  try {
    return await response.json();
  } catch (cause) {
    throw new BelayError(
      "server-unreachable",
      `\`${url.origin}\` answers ${response.status} without JSON: it is no Belay server`,
      { cause },
    );
  }
}

/** What a server of another release says may have a code that this one does not know. */
function asBelayError(body: unknown, status: number, url: URL): BelayError {
  const problem = (typeof body === "object" && body !== null ? body : {}) as Record<
    string,
    unknown
  >;
  const { type: _t, title: _i, status: _s, detail, code, retry: _r, errors, ...extra } = problem;
  if (
    typeof detail !== "string" ||
    typeof code !== "string" ||
    !Object.hasOwn(errorCatalogue, code)
  ) {
    return new BelayError("internal", `\`${url.origin}${url.pathname}\` answers ${status}`, {
      extra,
    });
  }
  return new BelayError(code as ErrorCode, detail, {
    extra,
    ...(Array.isArray(errors) ? { issues: errors as InputIssue[] } : {}),
  });
}
