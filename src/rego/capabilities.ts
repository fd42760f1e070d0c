/**
 * @module Which of OPA's builtins a policy may use. OPA's own declarations are the base; this is
 * what is taken away from them, and why. A test holds the lists against OPA's declarations and
 * against what compiled policies ask their host for, so that no version of OPA slips one in.
 */

const decidesFromInput = "and a decision depends on its input alone";
const decidesTheSame = "and a decision must replay the same";

/**
 * Builtins that no module may use, tests included, with the reason a reader is given: whatever OPA
 * declares nondeterministic, but for the clock, of which each evaluation has one reading; and what
 * only makes sense together with them.
 */
export const refusedBuiltins: Readonly<Record<string, string>> = {
  "http.send": `it reaches the network, ${decidesFromInput}`,
  "io.jwt.decode_verify": `it compares times with the machine's clock, ${decidesTheSame}`,
  "io.jwt.encode_sign": `it draws randomness, ${decidesTheSame}`,
  "io.jwt.encode_sign_raw": `it draws randomness, ${decidesTheSame}`,
  "json.match_schema": `its schemas may lie on the network, ${decidesFromInput}`,
  "json.verify_schema": `its schemas may lie on the network, ${decidesFromInput}`,
  "net.lookup_ip_addr": `it reaches the network, ${decidesFromInput}`,
  "opa.runtime": `it reads the environment, ${decidesFromInput}`,
  "providers.aws.sign_req": `it signs requests to the network, ${decidesFromInput}`,
  "rand.intn": `it draws randomness, ${decidesTheSame}`,
  "uuid.rfc4122": `it draws randomness, ${decidesTheSame}`,
};

/** Builtins that OPA's WebAssembly asks its host for and that Belay's host answers. */
export const hostBuiltins: readonly string[] = [
  "sprintf",
  "time.now_ns",
  "trace",
  "yaml.is_valid",
  "yaml.marshal",
  "yaml.unmarshal",
];

/**
 * Builtins that OPA's WebAssembly asks its host for and that Belay's host lacks. A policy that uses
 * one is refused when it is compiled, not when it decides; tests run in OPA itself and may.
 */
export const unavailableBuiltins: readonly string[] = [
  "base64url.encode_no_pad",
  "crypto.hmac.equal",
  "crypto.hmac.md5",
  "crypto.hmac.sha1",
  "crypto.hmac.sha256",
  "crypto.hmac.sha512",
  "crypto.md5",
  "crypto.parse_private_keys",
  "crypto.sha1",
  "crypto.sha256",
  "crypto.x509.parse_and_verify_certificates",
  "crypto.x509.parse_and_verify_certificates_with_options",
  "crypto.x509.parse_certificate_request",
  "crypto.x509.parse_certificates",
  "crypto.x509.parse_keypair",
  "crypto.x509.parse_rsa_private_key",
  "glob.quote_meta",
  "graph.reachable_paths",
  "graphql.is_valid",
  "graphql.parse",
  "graphql.parse_and_verify",
  "graphql.parse_query",
  "graphql.parse_schema",
  "graphql.schema_is_valid",
  "hex.decode",
  "hex.encode",
  "indexof_n",
  "io.jwt.decode",
  "io.jwt.verify_eddsa",
  "io.jwt.verify_es256",
  "io.jwt.verify_es384",
  "io.jwt.verify_es512",
  "io.jwt.verify_hs256",
  "io.jwt.verify_hs384",
  "io.jwt.verify_hs512",
  "io.jwt.verify_ps256",
  "io.jwt.verify_ps384",
  "io.jwt.verify_ps512",
  "io.jwt.verify_rs256",
  "io.jwt.verify_rs384",
  "io.jwt.verify_rs512",
  "json.marshal_with_options",
  "json.patch",
  "net.cidr_contains_matches",
  "net.cidr_expand",
  "net.cidr_is_valid",
  "net.cidr_merge",
  "numbers.range_step",
  "object.subset",
  "regex.find_n",
  "regex.globs_match",
  "regex.replace",
  "regex.split",
  "regex.template_match",
  "rego.parse_module",
  "semver.compare",
  "semver.is_valid",
  "strings.any_prefix_match",
  "strings.any_suffix_match",
  "strings.count",
  "strings.render_template",
  "strings.split_n",
  "time.add_date",
  "time.clock",
  "time.date",
  "time.diff",
  "time.format",
  "time.parse_duration_ns",
  "time.parse_ns",
  "time.parse_rfc3339_ns",
  "time.weekday",
  "units.parse",
  "units.parse_bytes",
  "uri.is_valid",
  "uri.parse",
  "urlquery.decode",
  "urlquery.decode_object",
  "urlquery.encode",
  "urlquery.encode_object",
  "uuid.parse",
];

/** What the toolchain says about each builtin it finds that must not be used, by its name. */
export const refusalMessages: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(refusedBuiltins).map(([name, reason]) => [
    name,
    `builtin \`${name}\` is refused: ${reason}`,
  ]),
);

/** The same for builtins that only tests may use. */
export const unavailableMessages: Readonly<Record<string, string>> = Object.fromEntries(
  unavailableBuiltins.map((name) => [
    name,
    `builtin \`${name}\` is not available yet: policies run as WebAssembly, whose host lacks it`,
  ]),
);
