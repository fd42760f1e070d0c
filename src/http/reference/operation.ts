/** @module One operation of the API as HTML. */

import { html } from "hono/html";
import type { Content, Operation, Parameter } from "./described-api.ts";
import { describeType } from "./schema.ts";
import { type Html, renderText } from "./text.ts";

export function renderOperation(operation: Operation): Html {
  const { operationId, method, path, summary, description, parameters, requestBody } = operation;
  return html`<section id="${operationId}">
<h3><a href="#${operationId}"><b>${method}</b> <code>${path}</code></a></h3>
<p><strong>${summary}</strong></p>
${description === undefined ? "" : html`<p>${renderText(description)}</p>`}
${parameters === undefined ? "" : renderParameters(parameters)}
${requestBody === undefined ? "" : renderBody(requestBody)}
<table>
<caption>Answers</caption>
<thead><tr><th scope="col">Status</th><th scope="col">Meaning</th><th scope="col">Body</th></tr></thead>
<tbody>${Object.entries(operation.responses).map(
    ([status, response]): Html =>
      html`<tr><td><code>${status}</code></td><td>${renderText(response.description)}</td><td>${renderContent(response.content)}</td></tr>
`,
  )}</tbody>
</table>
</section>
`;
}

function renderParameters(parameters: readonly Parameter[]): Html {
  return html`<table>
<caption>Parameters</caption>
<thead><tr><th scope="col">Name</th><th scope="col">In</th><th scope="col">Type</th><th scope="col">Meaning</th></tr></thead>
<tbody>${parameters.map(
    (parameter): Html =>
      html`<tr><td><code>${parameter.name}</code>${parameter.required === true ? " *" : ""}</td><td>${parameter.in}</td><td>${describeType(parameter.schema)}</td><td>${renderText(parameter.description ?? "")}</td></tr>
`,
  )}</tbody>
</table>`;
}

function renderBody({ required, content }: NonNullable<Operation["requestBody"]>): Html {
  return html`<p>Body${required === true ? "" : " (optional)"}: ${renderContent(content)}</p>`;
}

function renderContent(content: Content = {}): readonly Html[] {
  return Object.entries(content).map(
    ([mediaType, { schema }], index): Html =>
      html`${index === 0 ? "" : ", "}${describeType(schema)} <small>${mediaType}</small>`,
  );
}
