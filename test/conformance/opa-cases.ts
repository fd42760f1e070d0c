/**
 * @module OPA's own test cases (`v1/test/cases/testdata/v1` of its Go module), at the version that
 * the toolchain is built from. They come through Go's module proxy, pinned by go.sum, into Go's own
 * module cache; nothing of them is kept here.
 */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { hasGo, opaModule, runGo } from "../../rego/toolchain/go-command.ts";
import { readLock, toolchain } from "../../rego/toolchain/lock.ts";
import { RegoNumber, RegoObject, type RegoValue } from "../../src/rego/value.ts";

/** One case in the words of `v1/test/cases/cases.go`; documents with all the digits they had. */
export interface OpaCase {
  /** Path below the folder of all cases. */
  readonly file: string;
  /** What it shows; a few have the same. */
  readonly note: string;
  readonly query: string;
  readonly modules: readonly string[];
  readonly data: RegoValue;
  /** A document, or the text of a Rego term; undefined where the case has no input. */
  readonly input: { readonly document: RegoValue } | { readonly term: string } | undefined;
  readonly want: OpaWant;
}

export type OpaWant =
  | {
      readonly kind: "result";
      /** The bindings of each solution, in any order. */
      readonly solutions: readonly RegoObject[];
      readonly sortBindings: boolean;
    }
  | {
      readonly kind: "error";
      /** Given where a case also says what there is without strict builtin errors. */
      readonly solutions: readonly RegoObject[] | undefined;
      /** Undefined where the case names a text only. */
      readonly code: string | undefined;
      /** A part of the message; undefined where the case names a code only. */
      readonly text: string | undefined;
      /** The error is one under strict builtin errors; otherwise there is no solution. */
      readonly isStrict: boolean;
    };

interface WrittenCase {
  readonly note: string;
  readonly query: string;
  readonly modules?: readonly string[] | null;
  readonly data?: unknown;
  readonly input?: unknown;
  readonly input_term?: string;
  readonly want_result?: readonly Readonly<Record<string, unknown>>[] | null;
  readonly want_error_code?: string;
  readonly want_error?: string;
  readonly strict_error?: boolean;
  readonly sort_bindings?: boolean;
}

const directory = "v1/test/cases/testdata/v1";

/**
 * All cases in the order of their files; undefined where there is no Go to fetch them with.
 * @throws Error where they cannot be fetched, or are not those of the locked version
 */
export async function loadOpaCases(): Promise<readonly OpaCase[] | undefined> {
  if (!(await hasGo())) return undefined;
  const module = JSON.parse(await runGo(["mod", "download", "-json", opaModule])) as {
    readonly Dir: string;
    readonly Version: string;
  };
  const locked = `v${readLock(toolchain).opa}`;
  if (module.Version !== locked) {
    throw new Error(
      `go.mod asks for OPA ${module.Version}, the toolchain is ${locked}: rebuild it`,
    );
  }
  const root = join(module.Dir, directory);
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".yaml"))
    .sort()
    .flatMap((path) => parseOpaCases(path, readFileSync(join(root, path), "utf8")));
}

export function parseOpaCases(file: string, text: string): readonly OpaCase[] {
  const { cases } = parse(text, { intAsBigInt: true, maxAliasCount: -1 }) as {
    readonly cases: readonly WrittenCase[];
  };
  return cases.map((written) => ({
    file,
    note: written.note,
    query: written.query.trim(),
    modules: written.modules ?? [],
    data: written.data === undefined ? new RegoObject([]) : valueOf(written.data),
    input: inputOf(written),
    want: wantOf(written),
  }));
}

function inputOf(written: WrittenCase): OpaCase["input"] {
  if (written.input_term !== undefined) return { term: written.input_term };
  return "input" in written ? { document: valueOf(written.input) } : undefined;
}

function wantOf(written: WrittenCase): OpaWant {
  const { want_error_code: code, want_error: errorText } = written;
  const solutions = written.want_result?.map((bindings) => valueOf(bindings) as RegoObject);
  if (code === undefined && errorText === undefined) {
    const sortBindings = written.sort_bindings === true;
    return { kind: "result", solutions: solutions ?? [], sortBindings };
  }
  const isStrict = written.strict_error === true;
  return { kind: "error", solutions, code, text: errorText, isStrict };
}

/** Beyond it OPA's reader of YAML makes a double of an integer. */
const integerMax = 2n ** 64n - 1n;

function valueOf(written: unknown): RegoValue {
  if (typeof written === "bigint") {
    const isExact = written <= integerMax && written >= -(2n ** 63n);
    const double = Number(written);
    return isExact && !Number.isSafeInteger(double) ? new RegoNumber(String(written)) : double;
  }
  if (Array.isArray(written)) return written.map(valueOf);
  if (typeof written === "object" && written !== null) {
    return new RegoObject(Object.entries(written).map(([key, value]) => [key, valueOf(value)]));
  }
  return written as null | boolean | number | string;
}
