/** @module JSON Schemas of the OpenAPI document as HTML: a table of members, types as phrases. */

import { html } from "hono/html";
import type { SchemaNode } from "./described-api.ts";
import { type Html, renderText } from "./text.ts";

export function renderSchema(name: string, schema: SchemaNode): Html {
  return html`<section id="schema-${name}">
<h3><a href="#schema-${name}">${name}</a></h3>
${schema.description === undefined ? "" : html`<p>${renderText(schema.description)}</p>`}
${listParts(schema).map((part) => renderMembers(part))}
${schema.example === undefined ? "" : html`<pre>${JSON.stringify(schema.example, null, 2)}</pre>`}
</section>
`;
}

/** A schema in `allOf` form is its parts one after the other. */
function listParts(schema: SchemaNode): readonly SchemaNode[] {
  return schema.allOf === undefined ? [schema] : schema.allOf;
}

function renderMembers(schema: SchemaNode): Html {
  if (schema.properties === undefined) return html`<p>${describeType(schema)}</p>`;
  const required = new Set(schema.required);
  return html`<table>
<thead><tr><th scope="col">Member</th><th scope="col">Type</th><th scope="col">Meaning</th></tr></thead>
<tbody>${Object.entries(schema.properties).map(
    ([name, member]): Html =>
      html`<tr><td><code>${name}</code>${required.has(name) ? " *" : ""}</td><td>${describeType(member)}</td><td>${describeMeaning(member)}</td></tr>
`,
  )}</tbody>
</table>`;
}

function describeMeaning(schema: SchemaNode): Html {
  const preset = schema.default;
  return html`${renderText(schema.description ?? "")}${preset === undefined ? "" : html` Default <code>${JSON.stringify(preset)}</code>.`}`;
}

/** A type in a phrase, with links to named schemas. */
export function describeType(schema: SchemaNode): Html {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.replace("#/components/schemas/", "");
    return html`<a href="#schema-${name}">${name}</a>`;
  }
  const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (choices !== undefined) return joinTypes(choices);
  if (schema.const !== undefined) return html`<code>${JSON.stringify(schema.const)}</code>`;
  if (schema.enum !== undefined) {
    return html`${schema.enum.map((value, index): Html => html`${index === 0 ? "" : " | "}<code>${String(value)}</code>`)}`;
  }
  if (schema.items !== undefined) {
    const most = schema.maxItems === undefined ? "" : `at most ${String(schema.maxItems)} `;
    return html`list of ${most}${describeType(schema.items)}`;
  }
  if (schema.properties !== undefined) return renderMembers(schema);
  const values = schema.additionalProperties;
  if (typeof values === "object" && Object.keys(values).length > 0) {
    return html`map to ${describeType(values)}`;
  }
  const type = typeof schema.type === "string" ? schema.type : (schema.type ?? ["any"]).join(" | ");
  return html`${type}${schema.format === undefined ? "" : ` (${schema.format})`}${describeBounds(schema)}`;
}

function joinTypes(choices: readonly SchemaNode[]): Html {
  return html`${choices.map((choice, index): Html => html`${index === 0 ? "" : " or "}${describeType(choice)}`)}`;
}

function describeBounds(schema: SchemaNode): string {
  const { minimum, maximum, maxLength } = schema;
  const parts: string[] = [];
  if (minimum !== undefined && Number.isSafeInteger(minimum)) parts.push(`from ${String(minimum)}`);
  if (maximum !== undefined && Number.isSafeInteger(maximum)) parts.push(`to ${String(maximum)}`);
  if (maxLength !== undefined) parts.push(`at most ${String(maxLength)} characters`);
  return parts.length === 0 ? "" : `, ${parts.join(" ")}`;
}
