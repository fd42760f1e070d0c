/**
 * @module Every builtin that a compiled policy may ask its host for. OPA's own code answers, but for
 * what is asked often and said in a line: that costs no call into Go, and a policy that uses nothing
 * else never loads it.
 */

import { refusedBuiltins } from "../capabilities.ts";
import type { BuiltinContext, FindBuiltin, HostBuiltin } from "./builtin.ts";
import { createBuiltinLibrary } from "./builtin-library.ts";
import { withoutRandomSignatures } from "./signature-algorithm.ts";
import { formatPlain } from "./sprintf.ts";

/** Gives undefined where the call is unusual, and for OPA's own code. */
type ShortBuiltin = (
  args: readonly Uint8Array[],
  context: BuiltinContext,
) => Uint8Array | undefined;

const encoder = new TextEncoder();
const isTrue = encoder.encode("true");
const quote = 0x22;

const shortBuiltins: Readonly<Record<string, ShortBuiltin>> = {
  sprintf: formatPlain,
  "time.now_ns": (_, { nowMs }) => encoder.encode(String(BigInt(nowMs) * 1_000_000n)),
  // Notes belong to OPA's tracer, which a compiled policy does not have.
  trace: ([note]) => (note?.[0] === quote ? isTrue : undefined),
};

/** Builtins that `shortBuiltins` answers, for the page that lists where each runs. */
export const shortBuiltinNames: readonly string[] = Object.keys(shortBuiltins);

const findInLibrary = createBuiltinLibrary();

/** Those that are refused when a policy is compiled are not found. */
export const findBuiltin: FindBuiltin = (name) => {
  if (Object.hasOwn(refusedBuiltins, name)) return undefined;
  const short = Object.hasOwn(shortBuiltins, name) ? shortBuiltins[name] : undefined;
  if (short !== undefined) return withLibrary(name, short);
  const builtin = findInLibrary(name);
  const isSigning = builtin !== undefined && name.startsWith("io.jwt.encode_sign");
  return isSigning ? withoutRandomSignatures(name, builtin) : builtin;
};

function withLibrary(name: string, short: ShortBuiltin): HostBuiltin {
  return (args, context) => short(args, context) ?? findInLibrary(name)?.(args, context);
}
