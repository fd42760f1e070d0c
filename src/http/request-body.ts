/**
 * @module Request bodies, bounded before they are read: in bytes each, in bytes of all that are held
 * at once, and in time. A body that is too large is refused as soon as that is known: at the
 * `content-length`, or at the chunk that crosses the bound.
 */

import { BelayError } from "../base/errors.ts";
import type { JsonValue } from "../base/json.ts";
import { type JsonLimits, parseJsonText } from "../base/json-text.ts";
import { type AppContext, findIncoming } from "./app-env.ts";

export interface BodyReaderOptions {
  /** Bytes of all bodies that may be held at one time. */
  readonly heldBytesMax: number;
  /** Time a body may take to arrive. */
  readonly timeoutMs: number;
}

export interface BodyExpectation {
  /** In lower case, without parameters. */
  readonly mediaTypes: readonly string[];
  readonly bytesMax: number;
}

export interface Body {
  /** One of the expected ones; empty where there is no body at all. */
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

export interface BodyReader {
  /**
   * Reads the body and answers what `use` makes of it. Its bytes count as held until then.
   * @throws `unsupported-media-type`, `input-too-large`, `request-timeout`, `malformed-http` (the
   * body broke off), `overloaded` (other bodies hold the memory)
   */
  read<T>(
    c: AppContext,
    expected: BodyExpectation,
    use: (body: Body) => T | Promise<T>,
  ): Promise<T>;
}

export const jsonMediaType = "application/json";

/** Read in one piece, at little cost: most requests are no larger. */
const smallBytesMax = 64 * 1024;

export function createBodyReader(options: BodyReaderOptions): BodyReader {
  let heldBytes = 0;
  return {
    async read(c, expected, use) {
      const mediaType = parseMediaType(c, expected.mediaTypes);
      let ownBytes = 0;
      const hold = (bytes: number): void => {
        if (heldBytes + bytes > options.heldBytesMax) {
          throw new BelayError("overloaded", "other requests hold the memory for bodies");
        }
        heldBytes += bytes;
        ownBytes += bytes;
      };
      try {
        const bytes = await withDeadline(readBytes(c, expected, hold), options.timeoutMs);
        if (bytes.length > 0 && mediaType === "") throw unknownMediaType("", expected.mediaTypes);
        return await use({ mediaType, bytes });
      } finally {
        heldBytes -= ownBytes;
      }
    },
  };
}

/**
 * The body as JSON.
 * @throws `malformed-json`, or `input-too-large` where it is too deep or has too many parts; both
 * with the place
 */
export function parseJsonBody(body: Body, limits: JsonLimits): JsonValue {
  const parsed = parseJsonText(body.bytes, limits);
  if (parsed.ok) return parsed.value;
  const { code, message, offset, pointer } = parsed;
  throw new BelayError(code, message, {
    issues: [{ pointer: pointer ?? "", message }],
    extra: { offset },
  });
}

function parseMediaType(c: AppContext, expected: readonly string[]): string {
  const encoding = c.req.header("content-encoding");
  if (encoding !== undefined && encoding.toLowerCase() !== "identity") {
    throw new BelayError(
      "unsupported-media-type",
      "the body has a content encoding: send it without one",
    );
  }
  const header = c.req.header("content-type");
  if (header === undefined) return "";
  const [type = "", ...parameters] = header.split(";").map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith("charset="));
  const isUtf8 = charset === undefined || /^charset="?utf-?8"?$/.test(charset);
  if (!expected.includes(type) || !isUtf8) throw unknownMediaType(header, expected);
  return type;
}

function unknownMediaType(header: string, expected: readonly string[]): BelayError {
  const given = header === "" ? "there is no content type" : `the content type is \`${header}\``;
  return new BelayError("unsupported-media-type", `${given}: send ${expected.join(" or ")}`, {
    issues: [{ pointer: "/header/content-type", message: `expected ${expected.join(" or ")}` }],
  });
}

function tooLarge(expected: BodyExpectation): BelayError {
  return new BelayError(
    "input-too-large",
    `the body is larger than ${String(expected.bytesMax)} bytes`,
    { extra: { limit_bytes: expected.bytesMax } },
  );
}

/** From `content-length`, which Node holds a body to; undefined for a chunked one. */
function announcedBytes(c: AppContext): number | undefined {
  if (c.req.header("transfer-encoding") !== undefined) return undefined;
  const header = c.req.header("content-length");
  if (header !== undefined && /^\d{1,15}$/.test(header)) return Number(header);
  return findIncoming(c) === undefined ? undefined : 0;
}

async function readBytes(
  c: AppContext,
  expected: BodyExpectation,
  hold: (bytes: number) => void,
): Promise<Uint8Array> {
  const announced = announcedBytes(c);
  if (announced === 0) return new Uint8Array();
  if (announced !== undefined && announced > expected.bytesMax) throw tooLarge(expected);
  try {
    if (announced === undefined || announced > smallBytesMax) {
      return await readChunks(c.req.raw.body, expected, hold);
    }
    hold(announced);
    return new Uint8Array(await c.req.raw.arrayBuffer());
  } catch (error) {
    if (error instanceof BelayError) throw error;
    throw new BelayError("malformed-http", "the body broke off", { cause: error });
  }
}

/** Only what has arrived is held, so that whoever announces much and sends little takes no room. */
async function readChunks(
  body: ReadableStream<Uint8Array> | null,
  expected: BodyExpectation,
  hold: (bytes: number) => void,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > expected.bytesMax) throw tooLarge(expected);
    hold(chunk.length);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

async function withDeadline<T>(reading: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const seconds = String(timeoutMs / 1000);
      reject(new BelayError("request-timeout", `the body did not arrive within ${seconds} s`));
    }, timeoutMs);
  });
  try {
    return await Promise.race([reading, late]);
  } finally {
    clearTimeout(timer);
  }
}
