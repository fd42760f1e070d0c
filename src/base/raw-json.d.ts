/**
 * The part of ECMAScript's "JSON.parse source text access" that Belay uses. Node 24 has it;
 * TypeScript does not declare it yet.
 */
interface JSON {
  /** A value that `JSON.stringify` writes as `text`, which must be a primitive in JSON. */
  rawJSON(text: string): { readonly rawJSON: string };
  isRawJSON(value: unknown): value is { readonly rawJSON: string };
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
}
