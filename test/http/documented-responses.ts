/** @module Holds answers against the OpenAPI document the server gives of itself. */

import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";

type Responses = Readonly<
  Record<string, { readonly content?: Record<string, { schema?: object }> }>
>;

export interface OpenApi extends Record<string, unknown> {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, { responses: Responses }>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

export interface Answer {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly contentType: string | null;
  readonly text: string;
}

/** What the framework answers on its own, for any route. */
const anyRoute: ReadonlySet<number> = new Set([403, 404, 405, 500]);

/** A function that throws where an answer is not one the document speaks of. */
export function createResponseCheck(document: OpenApi): (answer: Answer) => void {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  ajv.addSchema({ $id: "doc", components: document.components });
  const patterns = Object.keys(document.paths).map((path) => ({
    path,
    pattern: new RegExp(`^${path.replaceAll(/\{[^}]+\}/g, "[^/]+")}$`),
  }));

  return ({ method, path, status, contentType, text }) => {
    const place = `${method} ${path} ${String(status)}`;
    const route = patterns.find(({ pattern }) => pattern.test(path.split("?")[0] ?? ""))?.path;
    const operation =
      document.paths[route ?? ""]?.[method === "HEAD" ? "get" : method.toLowerCase()];
    const response = operation?.responses[String(status)];
    if (response === undefined && !anyRoute.has(status))
      throw new Error(`${place}: not documented`);
    const mediaType = contentType?.split(";")[0] ?? "";
    const media = response?.content?.[mediaType];
    const schema = media?.schema ?? { $ref: "#/components/schemas/Problem" };
    if (!mediaType.endsWith("json")) return;
    const rooted = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"doc#/')) as object;
    if (!ajv.validate(rooted, JSON.parse(text))) {
      throw new Error(`${place}: ${ajv.errorsText(ajv.errors, { separator: "\n" })}`);
    }
  };
}
