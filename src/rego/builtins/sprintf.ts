/**
 * @module `sprintf` as most policies use it: `%s`, `%d` and `%v` without flags, of strings and
 * integers, one verb for each argument. There it prints what Go prints and costs a fraction of a
 * call into Go; everything else is Go's.
 */

/** A verb this file knows, a percent sign, or one that starts something it does not know. */
const verbs = /%([sdv%]?)/g;

/** One element of an array in value notation: a string, or an integer of at most 15 digits. */
const element = /\s*(?:("(?:[^"\\]|\\.)*")|(0|-?[1-9]\d{0,14}))\s*([,\]])/y;

const decoder = new TextDecoder("utf-8", { fatal: true });
const encoder = new TextEncoder();

/** The result in value notation; undefined where the call is for Go. */
export function formatPlain(args: readonly Uint8Array[]): Uint8Array | undefined {
  const [format, list] = args.map(decode);
  if (format?.[0] !== '"' || list?.[0] !== "[") return undefined;
  const elements = readElements(list);
  if (elements === undefined) return undefined;
  let used = 0;
  let isPlain = true;
  const text = (JSON.parse(format) as string).replace(verbs, (_, verb: string) => {
    if (verb === "%") return "%";
    const value = elements[used];
    used += 1;
    const isFit = typeof value === "string" ? /[sv]/.test(verb) : /[dv]/.test(verb);
    isPlain &&= isFit && value !== undefined;
    return String(value);
  });
  if (!isPlain || used !== elements.length) return undefined;
  return encoder.encode(JSON.stringify(text));
}

/** Rego strings may hold bytes that are no UTF-8; those Go passes on. */
function decode(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

function readElements(list: string): readonly (string | number)[] | undefined {
  const elements: (string | number)[] = [];
  if (list === "[]") return elements;
  element.lastIndex = 1;
  for (;;) {
    const [, text, digits, end] = element.exec(list) ?? [];
    if (end === undefined) return undefined;
    elements.push(text === undefined ? Number(digits) : (JSON.parse(text) as string));
    if (end === "]") return element.lastIndex === list.length ? elements : undefined;
  }
}
