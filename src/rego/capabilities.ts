/**
 * @module Which of OPA's builtins a policy may use: all that OPA declares but these, each with the
 * reason. A test holds the list against OPA's declarations and against what compiled policies ask
 * their host for, so that no version of OPA slips one in.
 */

const decidesFromInput = "and a decision depends on its input alone";
const decidesTheSame = "and a decision must replay the same";

/**
 * Builtins that no module may use, tests included, with the reason a reader is given: whatever OPA
 * declares nondeterministic, but for the clock, of which each evaluation has one reading, for schemas,
 * which may refer to nothing outside of themselves, and for signatures, of which
 * `builtins/signature-algorithm.ts` makes only those that follow from their arguments.
 */
export const refusedBuiltins: Readonly<Record<string, string>> = {
  "http.send": `it reaches the network, ${decidesFromInput}`,
  "net.lookup_ip_addr": `it reaches the network, ${decidesFromInput}`,
  "opa.runtime": `it reads the environment, ${decidesFromInput}`,
  "rand.intn": `it draws randomness, ${decidesTheSame}`,
  "uuid.rfc4122": `it draws randomness, ${decidesTheSame}`,
};

/** What the toolchain says about each builtin it finds that must not be used, by its name. */
export const refusalMessages: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(refusedBuiltins).map(([name, reason]) => [
    name,
    `builtin \`${name}\` is refused: ${reason}`,
  ]),
);
