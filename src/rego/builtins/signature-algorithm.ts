/**
 * @module Which signatures a decision may make. Those of the families HS and RS and of Ed25519 follow
 * from their arguments; those of ES and PS draw randomness, and a decision must replay the same. The
 * algorithm is known when the policy runs and not before, so the evaluation ends there.
 */

import type { HostBuiltin } from "./builtin.ts";

const encodedCharacter = /\\+u([0-9a-f]{4})/gi;
const randomAlgorithm = /"((?:ES|PS)\d+K?)\\*"/;

/** `sign` for the headers that make no random signature. */
export function withoutRandomSignatures(name: string, sign: HostBuiltin): HostBuiltin {
  return (args, context) => {
    const headers = new TextDecoder().decode(args[0]);
    const plain = headers.replaceAll(encodedCharacter, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    );
    const algorithm = randomAlgorithm.exec(plain)?.[1];
    if (algorithm === undefined) return sign(args, context);
    throw new Error(
      `${name}: a signature by ${algorithm} draws randomness, and a decision must replay the same`,
    );
  };
}
