/** @module What `-i` names: a file, or standard input. */

import { createReadStream } from "node:fs";
import { parseJsonOrYaml } from "../base/data-document.ts";
import { BelayError } from "../base/errors.ts";
import type { JsonValue } from "../base/json.ts";
import { jsonLimits, parseJsonText } from "../base/json-text.ts";

/**
 * Reads and parses `path`, `-` for standard input, as strictly as the server reads a body.
 * @throws BelayError `file-unreadable`, `malformed-json`, `input-too-large`
 */
export async function readRequestFile(path: string): Promise<JsonValue> {
  const name = path === "-" ? "standard input" : path;
  const bytes = await readBounded(path, name, jsonLimits.bytesMax);
  const parsed = parseJsonText(bytes);
  if (parsed.ok) return parsed.value;
  const { row, col } = placeOf(bytes, parsed.offset);
  const diagnostics = [{ code: parsed.code, message: parsed.message, file: name, row, col }];
  throw new BelayError(parsed.code, `\`${name}\` is not a request`, { extra: { diagnostics } });
}

/** Far beyond any input that a policy is meant for. */
const inputBytesMax = 64 * 1024 * 1024;

/**
 * Reads and parses `path`, `-` for standard input, as `opa eval` reads an input: JSON, else YAML.
 * @throws BelayError `file-unreadable`, `input-too-large`, `malformed-json`
 */
export async function readInputFile(path: string): Promise<JsonValue> {
  const name = path === "-" ? "standard input" : path;
  const bytes = await readBounded(path, name, inputBytesMax);
  if (bytes.length > inputBytesMax) {
    throw new BelayError("input-too-large", `\`${name}\` has more than ${inputBytesMax} bytes`);
  }
  const parsed = parseJsonOrYaml({ path: name, text: decodeText(bytes, name) });
  if (parsed.ok) return parsed.value;
  const { diagnostics } = parsed;
  throw new BelayError("malformed-json", `\`${name}\` is neither JSON nor YAML`, {
    extra: { diagnostics },
  });
}

function decodeText(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new BelayError("file-unreadable", `the file \`${name}\` is not UTF-8`, { cause });
  }
}

/** Stops at the first byte too many: standard input may have no end. */
async function readBounded(path: string, name: string, bytesMax: number): Promise<Uint8Array> {
  const stream = path === "-" ? process.stdin : createReadStream(path);
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > bytesMax) break;
    }
  } catch (cause) {
    throw new BelayError("file-unreadable", `the file \`${name}\` cannot be read`, { cause });
  }
  return Buffer.concat(chunks);
}

/** 1-based row and column, in UTF-16 code units, of a byte offset. */
function placeOf(
  bytes: Uint8Array,
  offset: number,
): { readonly row: number; readonly col: number } {
  const before = new TextDecoder().decode(bytes.subarray(0, offset)).split("\n");
  return { row: before.length, col: (before.at(-1) ?? "").length + 1 };
}
