/**
 * @module One bounded walk over a value from outside: is it JSON that can be kept for ever, and not
 * more of it than a reader can bear? It comes before any schema, so that a document of 100,000
 * elements or of depth 10,000 costs no more than finding that out.
 */

import type { InputIssue } from "../base/errors.ts";
import { pointerOf } from "./json-pointer.ts";

export interface JsonLimits {
  /** Containers inside each other, the document itself being the first. */
  readonly depthMax: number;
  /** Values of any kind, containers included. */
  readonly nodesMax: number;
  /** Elements of one array, or members of one object. */
  readonly childrenMax: number;
}

export interface JsonViolation extends InputIssue {
  /** Whether it is well-formed and merely too much. */
  readonly tooLarge: boolean;
}

/** A violation on its way out of the walk, which adds the path innermost first. */
interface Found {
  readonly message: string;
  readonly tooLarge: boolean;
  readonly reversedPath: PropertyKey[];
}

/** The first place that breaks a limit or is not JSON; undefined where all is well. */
export function findJsonViolation(value: unknown, limits: JsonLimits): JsonViolation | undefined {
  const found = visit(value, 0, { limits, nodeCount: 0 });
  if (found === undefined) return undefined;
  const { message, tooLarge, reversedPath } = found;
  return { pointer: pointerOf(reversedPath.toReversed()), message, tooLarge };
}

interface Walk {
  readonly limits: JsonLimits;
  nodeCount: number;
}

function visit(value: unknown, depth: number, walk: Walk): Found | undefined {
  walk.nodeCount += 1;
  const { nodesMax, depthMax } = walk.limits;
  if (walk.nodeCount > nodesMax) return tooMuch(`more than ${nodesMax} values`);
  if (typeof value === "string") {
    return value.isWellFormed() ? undefined : notJson("text with a lone surrogate");
  }
  if (typeof value === "number") {
    return Number.isFinite(value) ? undefined : notJson("not a finite number");
  }
  if (value === null || typeof value === "boolean") return undefined;
  if (typeof value !== "object") return notJson(`not JSON: a value of type ${typeof value}`);
  if (depth >= depthMax) return tooMuch(`more than ${depthMax} levels deep`);
  return Array.isArray(value) ? visitArray(value, depth, walk) : visitObject(value, depth, walk);
}

function visitArray(array: readonly unknown[], depth: number, walk: Walk): Found | undefined {
  const { childrenMax } = walk.limits;
  if (array.length > childrenMax) {
    return tooMuch(`at most ${childrenMax} elements, found ${array.length}`);
  }
  for (let index = 0; index < array.length; index += 1) {
    const found = visit(array[index], depth + 1, walk);
    if (found !== undefined) return inside(index, found);
  }
  return undefined;
}

function visitObject(object: object, depth: number, walk: Walk): Found | undefined {
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype !== Object.prototype && prototype !== null) {
    return notJson("not JSON: neither a plain object nor an array");
  }
  const { childrenMax } = walk.limits;
  const keys = Object.keys(object);
  if (keys.length > childrenMax) {
    return tooMuch(`at most ${childrenMax} members, found ${keys.length}`);
  }
  for (const key of keys) {
    if (!key.isWellFormed()) return inside(key, notJson("a key with a lone surrogate"));
    // A parser that copies members one by one would set the prototype with it, or lose it.
    if (key === "__proto__") return inside(key, notJson("a key that is not accepted"));
    const found = visit((object as Record<string, unknown>)[key], depth + 1, walk);
    if (found !== undefined) return inside(key, found);
  }
  return undefined;
}

function tooMuch(message: string): Found {
  return { message, tooLarge: true, reversedPath: [] };
}

function notJson(message: string): Found {
  return { message, tooLarge: false, reversedPath: [] };
}

function inside(token: PropertyKey, found: Found): Found {
  found.reversedPath.push(token);
  return found;
}
