/**
 * @module One pass over the bytes of a JSON text: the grammar of RFC 8259, the bounds, and the
 * content that a double or a UTF-16 string could not hold. It builds nothing.
 */

import type { ErrorCode } from "./errors.ts";

export interface JsonLimits {
  readonly bytesMax: number;
  /** Containers inside each other; a bare number has depth 0. Recursion follows it: keep it low. */
  readonly depthMax: number;
  /** Values of any kind, containers included, member names not. */
  readonly nodesMax: number;
}

export interface Refusal {
  /** `input-too-large` where a limit was met. */
  readonly code: Extract<ErrorCode, "malformed-json" | "input-too-large">;
  /** Byte where the text went wrong. */
  readonly offset: number;
  readonly message: string;
  /** JSON Pointer of the value or member there; absent where it would be absurdly long. */
  readonly pointer?: string;
}

/** Thrown inside the scan only; `parseJsonText` turns it into data. */
export class JsonRefusal extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

const pointerLengthMax = 1_000;
/** Without an exponent, an integer part of no more bytes is below 2^53. */
const safeNumberBytes = 15;

/** In an object whose next name is not read yet: a pointer ends at the object. */
const unnamed = Number.MIN_SAFE_INTEGER;

const space = 0x20;
const quote = 0x22;
const comma = 0x2c;
const minus = 0x2d;
const dot = 0x2e;
const zero = 0x30;
const nine = 0x39;
const colon = 0x3a;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

export class JsonScan {
  readonly #bytes: Uint8Array;
  readonly #limits: JsonLimits;
  readonly #checkNames: boolean;
  #at = 0;
  #nodeCount = 0;
  #memberCount = 0;
  /** Where the scan is, for pointers: an element's index, or minus the offset of a member's name. */
  readonly #path: number[] = [];
  #depth = 0;

  constructor(bytes: Uint8Array, limits: JsonLimits, options: { checkNames?: boolean } = {}) {
    this.#bytes = bytes;
    this.#limits = limits;
    this.#checkNames = options.checkNames ?? false;
  }

  /** Members of all objects; known after `run`. */
  get memberCount(): number {
    return this.#memberCount;
  }

  /** Throws `JsonRefusal` unless the bytes are one acceptable JSON value. */
  run(): void {
    this.#skipSpace();
    this.#value();
    this.#skipSpace();
    if (this.#at < this.#bytes.length) this.#refuse("nothing may follow the value");
  }

  #value(): void {
    this.#nodeCount += 1;
    if (this.#nodeCount > this.#limits.nodesMax) {
      this.#refuse(`more than ${this.#limits.nodesMax} values`, "input-too-large");
    }
    const byte = this.#bytes[this.#at];
    if (byte === quote) this.#string();
    else if (byte === openBrace) this.#object();
    else if (byte === openBracket) this.#array();
    else if (byte === minus || isDigit(byte)) this.#number();
    else if (byte === 0x74) this.#literal("true");
    else if (byte === 0x66) this.#literal("false");
    else if (byte === 0x6e) this.#literal("null");
    else this.#refuseExpecting("a value");
  }

  #object(): void {
    this.#enter();
    const names = this.#checkNames ? new Set<string>() : undefined;
    let more = !this.#closes(closeBrace);
    while (more) {
      this.#path[this.#depth - 1] = unnamed;
      if (this.#bytes[this.#at] !== quote) this.#refuseExpecting("a member name in quotes");
      const nameAt = this.#at;
      this.#string();
      this.#path[this.#depth - 1] = -nameAt;
      if (names !== undefined) this.#checkName(names, nameAt);
      this.#memberCount += 1;
      this.#skipSpace();
      if (this.#bytes[this.#at] !== colon) this.#refuseExpecting("`:`");
      this.#at += 1;
      this.#skipSpace();
      this.#value();
      more = this.#continues(closeBrace, "`,` or `}`");
    }
    this.#depth -= 1;
  }

  #array(): void {
    this.#enter();
    let more = !this.#closes(closeBracket);
    for (let index = 0; more; index++) {
      this.#path[this.#depth - 1] = index;
      this.#value();
      more = this.#continues(closeBracket, "`,` or `]`");
    }
    this.#depth -= 1;
  }

  #enter(): void {
    if (this.#depth >= this.#limits.depthMax) {
      this.#refuse(`more than ${this.#limits.depthMax} levels deep`, "input-too-large");
    }
    this.#depth += 1;
    this.#path[this.#depth - 1] = unnamed;
    this.#at += 1;
    this.#skipSpace();
  }

  #closes(close: number): boolean {
    if (this.#bytes[this.#at] !== close) return false;
    this.#at += 1;
    return true;
  }

  /** After an element: true when another one follows, false when the container closed. */
  #continues(close: number, expected: string): boolean {
    this.#skipSpace();
    if (this.#closes(close)) return false;
    if (this.#bytes[this.#at] !== comma) this.#refuseExpecting(expected);
    this.#at += 1;
    this.#skipSpace();
    return true;
  }

  #string(): void {
    const bytes = this.#bytes;
    let at = this.#at + 1;
    for (;;) {
      const byte = bytes[at];
      if (byte === quote) break;
      if (byte === backslash) {
        at = this.#escape(at);
      } else if (byte === undefined || byte < space) {
        this.#at = at;
        this.#refuse(
          byte === undefined ? "a string does not end" : "a control character in a string",
        );
      } else {
        at += 1;
      }
    }
    this.#at = at + 1;
  }

  /** The offset after the escape that starts at `at`. */
  #escape(at: number): number {
    const letter = this.#bytes[at + 1];
    this.#at = at;
    if (letter !== 0x75) {
      // " / \ b f n r t
      if (letter === undefined || !'"/\\bfnrt'.includes(String.fromCharCode(letter))) {
        this.#refuse("an unknown escape in a string");
      }
      return at + 2;
    }
    const unit = this.#hexUnit(at + 2);
    if (unit < 0xd800 || unit > 0xdfff) return at + 6;
    const paired =
      unit < 0xdc00 && this.#bytes[at + 6] === backslash && this.#bytes[at + 7] === 0x75;
    const low = paired ? this.#hexUnit(at + 8) : 0;
    if (low < 0xdc00 || low > 0xdfff) this.#refuse("a lone surrogate in a string");
    return at + 12;
  }

  #hexUnit(from: number): number {
    let unit = 0;
    for (let at = from; at < from + 4; at++) {
      const digit = hexDigit(this.#bytes[at]);
      if (digit < 0) this.#refuse("`\\u` needs four hexadecimal digits");
      unit = unit * 16 + digit;
    }
    return unit;
  }

  #number(): void {
    const bytes = this.#bytes;
    const start = this.#at;
    let at = start;
    if (bytes[at] === minus) at += 1;
    if (bytes[at] === zero) at += 1;
    else at = this.#digits(at);
    let large = at - start > safeNumberBytes;
    if (bytes[at] === dot) at = this.#digits(at + 1);
    if (bytes[at] === 0x65 || bytes[at] === 0x45) {
      large = true;
      at += 1;
      if (bytes[at] === 0x2b || bytes[at] === minus) at += 1;
      at = this.#digits(at);
    }
    if (large) this.#checkMagnitude(start, at);
    this.#at = at;
  }

  #digits(from: number): number {
    let at = from;
    while (isDigit(this.#bytes[at])) at += 1;
    if (at === from) {
      this.#at = at;
      this.#refuseExpecting("a digit");
    }
    return at;
  }

  /**
   * Refuses any number beyond 2^53 - 1, however it is written: there neighbouring integers share
   * one double, and a canonical form would state digits that nobody sent.
   */
  #checkMagnitude(start: number, end: number): void {
    const number = Number(new TextDecoder().decode(this.#bytes.subarray(start, end)));
    if (Math.abs(number) > Number.MAX_SAFE_INTEGER) {
      this.#refuse("a number beyond 2^53 - 1 cannot be kept exactly");
    }
  }

  #literal(word: string): void {
    for (let i = 0; i < word.length; i++) {
      if (this.#bytes[this.#at + i] !== word.charCodeAt(i)) this.#refuseExpecting("a value");
    }
    this.#at += word.length;
  }

  #skipSpace(): void {
    let at = this.#at;
    // Almost always there is none.
    if ((this.#bytes[at] as number) > space) return;
    while (isSpace(this.#bytes[at])) at += 1;
    this.#at = at;
  }

  #checkName(names: Set<string>, nameAt: number): void {
    const name = this.#nameAt(nameAt);
    const end = this.#at;
    this.#at = nameAt;
    if (names.has(name)) this.#refuse("an object has two members of this name");
    if (name === "__proto__") this.#refuse("a member may not be named `__proto__`");
    this.#at = end;
    names.add(name);
  }

  /** The text of the member name whose opening quote is at `offset`. */
  #nameAt(offset: number): string {
    let end = offset + 1;
    while (this.#bytes[end] !== quote) end += this.#bytes[end] === backslash ? 2 : 1;
    return JSON.parse(new TextDecoder().decode(this.#bytes.subarray(offset, end + 1))) as string;
  }

  #refuseExpecting(what: string): never {
    const found = this.#at < this.#bytes.length ? "" : " before the text ends";
    return this.#refuse(`expected ${what}${found}`);
  }

  #refuse(message: string, code: Refusal["code"] = "malformed-json"): never {
    const pointer = this.#pointer();
    throw new JsonRefusal({
      code,
      offset: this.#at,
      message,
      ...(pointer.length <= pointerLengthMax && { pointer }),
    });
  }

  #pointer(): string {
    let pointer = "";
    for (const step of this.#path.slice(0, this.#depth)) {
      if (pointer.length > pointerLengthMax) break;
      if (step === unnamed) break;
      const name = step < 0 ? this.#nameAt(-step) : String(step);
      pointer += `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    }
    return pointer;
  }
}

function isSpace(byte: number | undefined): boolean {
  return byte === space || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= zero && byte <= nine;
}

function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= zero && byte <= nine) return byte - zero;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : -1;
}
