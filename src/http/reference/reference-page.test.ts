import { expect, test } from "vitest";
import type { DescribedApi, SchemaNode } from "./described-api.ts";
import { renderReference } from "./reference-page.ts";

function createApi(members: Record<string, SchemaNode>): DescribedApi {
  return {
    info: { title: "Test", version: "1", description: "First.\n\nSecond with `code`." },
    tags: [{ name: "Things", description: "All of them." }],
    paths: {
      "/things/{id}": {
        put: {
          operationId: "putThing",
          tags: ["Things"],
          summary: "Put a thing",
          parameters: [{ name: "id", in: "path", required: true, schema: { type: "string" } }],
          requestBody: {
            content: { "application/json": { schema: { $ref: "#/components/schemas/Thing" } } },
          },
          responses: { 200: { description: "the `thing`" } },
        },
      },
    },
    components: {
      schemas: { Thing: { type: "object", required: ["id"], properties: members } },
    },
  };
}

/** What a cell of the table of members says, without its markup. */
function typeOf(schema: SchemaNode): string | undefined {
  const page = renderReference(createApi({ member: schema }));
  const cell = /<code>member<\/code><\/td><td>(.*?)<\/td>/s.exec(page)?.[1];
  return cell?.replaceAll(/<[^>]*>/g, "");
}

test("an operation stands with its parameters, body and answers", () => {
  const page = renderReference(createApi({ id: { type: "string" } }));
  expect(page).toContain('<a href="#putThing"><b>PUT</b> /things/{id}</a>');
  expect(page).toContain("<code>id</code> *</td><td>path</td><td>string</td>");
  expect(page).toContain('Body (optional): <a href="#schema-Thing">Thing</a>');
  expect(page).toContain("<code>200</code></td><td>the <code>thing</code></td>");
  expect(page).toContain("<p>First.</p><p>Second with <code>code</code>.</p>");
});

test.each<[SchemaNode, string]>([
  [{ type: "string", maxLength: 5 }, "string, at most 5 characters"],
  [{ type: "integer", minimum: 0, maximum: 9 }, "integer, from 0 to 9"],
  [{ type: ["number", "null"] }, "number | null"],
  [{ type: "string", enum: ["a", "b"] }, "a | b"],
  [{ const: true }, "true"],
  [{ type: "array", maxItems: 3, items: { type: "string" } }, "list of at most 3 string"],
  [{ anyOf: [{ type: "string" }, { $ref: "#/components/schemas/Thing" }] }, "string or Thing"],
  [{ type: "object", additionalProperties: { type: "number" } }, "map to number"],
  [{ type: "string", format: "binary" }, "string (binary)"],
  [{}, "any"],
])("%j reads `%s`", (schema, text) => {
  expect(typeOf(schema)).toBe(text);
});

test("text of the document is text on the page", () => {
  const hostile = `<script>alert("1")</script>'"&`;
  const page = renderReference(
    createApi({ [hostile]: { description: hostile, enum: [hostile], default: hostile } }),
  );
  expect(page).not.toContain("<script");
  expect(page).toContain("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&quot;&amp;");
});
