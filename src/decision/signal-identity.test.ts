import * as fc from "fast-check";
import { expect, test } from "vitest";
import { id as idSchema } from "./request/field.ts";
import { signalIdentity } from "./signal-identity.ts";

const population = fc.constantFrom("candidate", "baseline", "stable", "fleet");
/** Texts that an attacker would choose: of the parts that the identity is made of. */
const text = fc
  .array(fc.constantFrom("a", "\n", "candidate", "stable", " ", "/"), { maxLength: 5 })
  .map((parts) => parts.join(""));
const id = text.filter((candidate) => idSchema.safeParse(candidate).success);

test("two signals have one identity exactly where id, service and population are the same", () => {
  const signal = fc.tuple(id, text, population);
  fc.assert(
    fc.property(signal, signal, (one, other) => {
      const isSame = one.every((part, index) => part === other[index]);
      expect(signalIdentity(...one) === signalIdentity(...other)).toBe(isSame);
    }),
    { numRuns: 5_000 },
  );
});
