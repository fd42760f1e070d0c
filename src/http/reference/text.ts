/** @module Prose of the OpenAPI document as HTML: `code` in backticks, everything else as it is. */

import { html } from "hono/html";

export type Html = ReturnType<typeof html>;

export function renderText(text: string): Html {
  const parts = text.split("`");
  return html`${parts.map((part, index) => (index % 2 === 0 ? part : html`<code>${part}</code>`))}`;
}
