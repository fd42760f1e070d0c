/**
 * @module The API reference as one page, rendered from the OpenAPI document. It is ours, and small,
 * because the viewers to be had need megabytes of script, inline styles or a telemetry package; a
 * page of plain HTML needs none of it, prints well, and runs under a policy that forbids scripts.
 */

import { html } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";
import { type DescribedApi, listOperations } from "./described-api.ts";
import { renderOperation } from "./operation.ts";
import { renderSchema } from "./schema.ts";
import { type Html, renderText } from "./text.ts";

export function renderReference({ info, tags, components, ...api }: DescribedApi): string {
  const groups = tags.map((tag) => ({
    ...tag,
    operations: listOperations(api.paths).filter((operation) => operation.tags.includes(tag.name)),
  }));
  const schemas = Object.entries(components.schemas);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${info.title} API reference</title>
<link rel="stylesheet" href="/docs/reference.css">
</head>
<body>
<nav aria-label="Contents">
<p><a href="#top">${info.title} ${info.version}</a></p>
${groups.map(
  ({ name, operations }): Html => html`<p>${name}</p>
<ul>${operations.map(
    ({ operationId, method, path }): Html =>
      html`<li><a href="#${operationId}"><b>${method}</b> ${path}</a></li>`,
  )}</ul>`,
)}
<p>Schemas</p>
<ul>${schemas.map(([name]): Html => html`<li><a href="#schema-${name}">${name}</a></li>`)}</ul>
</nav>
<main id="top">
<h1>${info.title} API</h1>
${info.description.split("\n\n").map((text): Html => html`<p>${renderText(text)}</p>`)}
<p>A star marks what is required. For machines: <a href="/openapi.json">openapi.json</a></p>
${groups.map(
  ({ name, description, operations }): Html => html`<h2>${name}</h2>
<p>${description}</p>
${operations.map(renderOperation)}`,
)}
<h2>Schemas</h2>
${schemas.map(([name, schema]) => renderSchema(name, schema))}
</main>
</body>
</html>
`;
  // Nothing in the page is awaited, so it is text already.
  return (page as HtmlEscapedString).toString();
}
